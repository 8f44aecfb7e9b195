package dev.changeover.crds;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Binding that cannot fail: one resource that did not bind would stop the whole operator, since the
 * informer that reads it ends.
 */
final class TolerantJson {

  private static final ObjectMapper PLAIN = plainMapper();

  private TolerantJson() {}

  /** A mapper that binds and describes the classes as they are, without the tolerance. */
  static ObjectMapper plainMapper() {
    JsonMapper.Builder mapper =
        JsonMapper.builder()
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .withCoercionConfig(
                LogicalType.Textual,
                text ->
                    text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail));
    for (Class<?> tolerant :
        List.of(
            LlmProviderSpec.class,
            LlmRouteSpec.class,
            LlmProviderStatus.class,
            LlmRouteStatus.class)) {
      mapper.addMixIn(tolerant, AsItIs.class);
    }
    return mapper.build();
  }

  /** Takes a class's own reader and writer away. */
  @JsonDeserialize(using = JsonDeserializer.None.class)
  @JsonSerialize(using = JsonSerializer.None.class)
  private interface AsItIs {}

  private sealed interface Bound<T> {
    record Value<T>(T value) implements Bound<T> {}

    record Failure<T>(UnreadableSpec unreadable) implements Bound<T> {}
  }

  private static <T> Bound<T> bind(JsonNode written, Class<T> type, String field) {
    try {
      @Nullable T value = PLAIN.treeToValue(written, type);
      return value == null
          ? new Bound.Failure<>(new UnreadableSpec(written, field + " is missing"))
          : new Bound.Value<>(value);
    } catch (JsonProcessingException e) {
      return new Bound.Failure<>(new UnreadableSpec(written, sentence(e, field)));
    }
  }

  /** Jackson's own message is not used: it repeats the value, and a key may have been put there. */
  private static String sentence(JsonProcessingException e, String field) {
    if (!(e instanceof JsonMappingException mapping)) {
      return field + " is not valid JSON";
    }
    String path = path(mapping, field);
    if (e instanceof ValueInstantiationException
        && e.getCause() instanceof Absent.Refusal refusal) {
      return path + "." + refusal.getMessage();
    }
    if (e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
      return path + " must be " + expected(mismatch.getTargetType());
    }
    return path + " has an entry that is null";
  }

  private static String path(JsonMappingException e, String field) {
    StringBuilder path = new StringBuilder(field);
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append('.').append(step.getFieldName());
      }
    }
    return path.toString();
  }

  private static String expected(Class<?> type) {
    if (type == String.class) {
      return "a string";
    }
    if (type == Integer.class || type == Long.class) {
      return "a whole number";
    }
    if (type == Double.class) {
      return "a number";
    }
    if (List.class.isAssignableFrom(type)) {
      return "a list";
    }
    return Map.class.isAssignableFrom(type) ? "a map" : "an object";
  }

  private static <T> Optional<T> status(JsonNode written, Class<T> type) {
    return switch (bind(written, type, "status")) {
      case Bound.Value<T>(T value) -> Optional.of(value);
      case Bound.Failure<T> _ -> Optional.empty(); // status is written anew, never read
    };
  }

  static final class ProviderSpecReader extends JsonDeserializer<LlmProviderSpec> {
    @Override
    public LlmProviderSpec deserialize(JsonParser json, DeserializationContext context)
        throws IOException {
      return switch (bind(context.readTree(json), LlmProviderSpec.class, "spec")) {
        case Bound.Value<LlmProviderSpec>(LlmProviderSpec spec) -> spec;
        case Bound.Failure<LlmProviderSpec>(UnreadableSpec why) -> LlmProviderSpec.unreadable(why);
      };
    }
  }

  static final class RouteSpecReader extends JsonDeserializer<LlmRouteSpec> {
    @Override
    public LlmRouteSpec deserialize(JsonParser json, DeserializationContext context)
        throws IOException {
      return switch (bind(context.readTree(json), LlmRouteSpec.class, "spec")) {
        case Bound.Value<LlmRouteSpec>(LlmRouteSpec spec) -> spec;
        case Bound.Failure<LlmRouteSpec>(UnreadableSpec why) -> LlmRouteSpec.unreadable(why);
      };
    }
  }

  static final class ProviderStatusReader extends JsonDeserializer<LlmProviderStatus> {
    @Override
    public @Nullable LlmProviderStatus deserialize(JsonParser json, DeserializationContext context)
        throws IOException {
      return status(context.readTree(json), LlmProviderStatus.class).orElse(null);
    }
  }

  static final class RouteStatusReader extends JsonDeserializer<LlmRouteStatus> {
    @Override
    public @Nullable LlmRouteStatus deserialize(JsonParser json, DeserializationContext context)
        throws IOException {
      return status(context.readTree(json), LlmRouteStatus.class).orElse(null);
    }
  }

  /** Writes what could not be read as it was written, everything else as it is. */
  static final class SpecWriter extends JsonSerializer<TolerantSpec> {
    @Override
    public void serialize(TolerantSpec spec, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      UnreadableSpec unreadable = spec.unreadable();
      JsonNode tree = unreadable == null ? PLAIN.valueToTree(spec) : unreadable.written();
      provider.defaultSerializeValue(tree, json);
    }
  }
}
