package dev.changeover.contract;

import static dev.changeover.contract.UnusableObject.Kind.LlmProvider;
import static dev.changeover.contract.UnusableObject.Kind.LlmRoute;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The contract's JSON: sorted fields, no nulls, durations and instants in ISO 8601; unknown fields
 * are ignored, absent ones have their defaults.
 */
public final class ContractJson {
  private static final ObjectMapper MAPPER = mapper();

  /** The only mapper that writes a key: for the credentials document and the channel. */
  private static final ObjectMapper WITH_KEYS = mapper().registerModule(keys());

  private static final ObjectNode PROVIDER_DEFAULTS = providerDefaults();
  private static final ObjectNode ROUTE_DEFAULTS = routeDefaults();
  private static final ObjectNode TARGET_DEFAULTS =
      MAPPER.createObjectNode().set("overrides", MAPPER.valueToTree(Overrides.NONE));

  private ContractJson() {}

  /** The canonical text of a value that holds no key; a value with one is refused. */
  public static String write(Object value) {
    return write(MAPPER, value);
  }

  /** The same, indented, for people and golden files. */
  public static String writePretty(Object value) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a value of the contract", e);
    }
  }

  /** The canonical text of a value that may hold keys: it must go only where keys may go. */
  public static String writeWithKeys(Object value) {
    return write(WITH_KEYS, value);
  }

  /**
   * The value that a text stands for.
   *
   * @throws IllegalArgumentException if the text is not that; the message never quotes it
   */
  public static <T> T read(String text, Class<T> type) {
    try {
      return WITH_KEYS.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no readable " + type.getSimpleName() + place(e));
    }
  }

  public static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  /** The tree of a JSON text. */
  public static JsonNode parse(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no readable JSON" + place(e));
    }
  }

  /**
   * A configuration, read object by object: what cannot be read is named and harms nothing else.
   */
  public static FleetReading readFleet(JsonNode document) {
    ContractVersion written;
    try {
      written = ContractVersion.parse(document.path("contract").asText());
    } catch (IllegalArgumentException e) {
      return new FleetReading.Refused("it has no readable contract version");
    }
    if (!ContractVersion.CURRENT.reads(written)) {
      return new FleetReading.Refused(
          "it is written in contract version "
              + written
              + " and this gateway reads "
              + ContractVersion.CURRENT);
    }
    List<UnusableObject> unusable = new ArrayList<>();
    List<ProviderConfig> providers = new ArrayList<>();
    List<RouteConfig> routes = new ArrayList<>();
    for (JsonNode node : firstOfEachName(document.path("providers"), LlmProvider, unusable)) {
      try {
        providers.add(MAPPER.treeToValue(filled(PROVIDER_DEFAULTS, node), ProviderConfig.class));
      } catch (JsonProcessingException | IllegalArgumentException e) {
        nameOf(node)
            .ifPresent(name -> unusable.add(new UnusableObject(LlmProvider, name, explain(e))));
      }
    }
    for (JsonNode node : firstOfEachName(document.path("routes"), LlmRoute, unusable)) {
      try {
        routes.add(MAPPER.treeToValue(filledRoute(node), RouteConfig.class));
      } catch (JsonProcessingException | IllegalArgumentException e) {
        nameOf(node)
            .ifPresent(name -> {
              unusable.add(new UnusableObject(LlmRoute, name, explain(e)));
              routes.add(closed(name, node));
            });
      }
    }
    String defaultNamespace = document.path("defaultNamespace").asText("default");
    return new FleetReading.Understood(
        new FleetConfig(written, defaultNamespace, providers, routes), unusable);
  }

  /** The objects of a list, those left out whose name an earlier one has: they are unusable. */
  private static List<JsonNode> firstOfEachName(
      JsonNode list, UnusableObject.Kind kind, List<UnusableObject> unusable) {
    List<JsonNode> first = new ArrayList<>();
    Set<ObjectName> names = new HashSet<>();
    for (JsonNode node : list) {
      Optional<ObjectName> name = nameOf(node);
      if (name.isEmpty() || names.add(name.get())) {
        first.add(node);
      } else {
        String message = "an earlier " + kind + " has the same name, and that one counts";
        unusable.add(new UnusableObject(kind, name.get(), message));
      }
    }
    return first;
  }

  /** A route of which only the names could be read: its models exist, and nothing answers them. */
  private static RouteConfig closed(ObjectName name, JsonNode node) {
    List<String> models = new ArrayList<>();
    node.path("models").forEach(model -> models.add(model.asText()));
    return new RouteConfig(
        name, models, Strategy.PRIORITY, List.of(), Attempts.DEFAULT, Mode.ACTIVE);
  }

  private static Optional<ObjectName> nameOf(JsonNode node) {
    try {
      return Optional.of(ObjectName.parse(node.path("name").asText()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static JsonNode filledRoute(JsonNode node) {
    JsonNode route = filled(ROUTE_DEFAULTS, node);
    if (route.path("targets").isArray()) {
      List<JsonNode> targets = new ArrayList<>();
      route.path("targets").forEach(target -> targets.add(filled(TARGET_DEFAULTS, target)));
      ((ObjectNode) route).putArray("targets").addAll(targets);
    }
    return route;
  }

  /** The defaults, with everything that the node says over them. */
  private static JsonNode filled(ObjectNode defaults, JsonNode node) {
    if (!(node instanceof ObjectNode said)) {
      return node;
    }
    ObjectNode result = defaults.deepCopy();
    said.properties()
        .forEach(field -> {
          JsonNode usual = result.get(field.getKey());
          result.set(
              field.getKey(),
              usual instanceof ObjectNode object && field.getValue() instanceof ObjectNode
                  ? filled(object, field.getValue())
                  : field.getValue());
        });
    return result;
  }

  private static ObjectNode providerDefaults() {
    ObjectNode defaults = MAPPER.createObjectNode();
    defaults.put("fingerprint", "");
    defaults.putArray("keys");
    defaults.putObject("headers");
    defaults.putArray("models");
    defaults.set("timeouts", MAPPER.valueToTree(Timeouts.DEFAULT));
    defaults.set("health", MAPPER.valueToTree(HealthPolicy.DEFAULT));
    defaults.set("mode", MAPPER.valueToTree(Mode.ACTIVE));
    return defaults;
  }

  private static ObjectNode routeDefaults() {
    ObjectNode defaults = MAPPER.createObjectNode();
    defaults.set("strategy", MAPPER.valueToTree(Strategy.PRIORITY));
    defaults.set("attempts", MAPPER.valueToTree(Attempts.DEFAULT));
    defaults.set("mode", MAPPER.valueToTree(Mode.ACTIVE));
    return defaults;
  }

  /** Where a text is at fault, without a word of it: it may hold a key. */
  private static String place(JsonProcessingException fault) {
    if (fault instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
      return mapping.getPath().stream()
          .map(step ->
              step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
          .collect(Collectors.joining(".", " at ", ""));
    }
    JsonLocation location = fault.getLocation();
    return location == null
        ? ""
        : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  /** What is wrong with an object of a configuration, which holds no key. */
  private static String explain(Exception fault) {
    Throwable cause = fault;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof JsonProcessingException json) {
      json.clearLocation();
      String message = json.getOriginalMessage();
      return message.substring(0, Math.min(message.length(), 200));
    }
    return String.valueOf(cause.getMessage());
  }

  private static String write(ObjectMapper mapper, Object value) {
    try {
      return mapper.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a value of the contract", e);
    }
  }

  private static ObjectMapper mapper() {
    return JsonMapper.builder()
        .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
        .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
        .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .defaultPropertyInclusion(
            JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS))
        .addModule(new Jdk8Module())
        .addModule(new JavaTimeModule())
        .build();
  }

  private static SimpleModule keys() {
    return new SimpleModule("keys")
        .addSerializer(new ApiKeyWriter())
        .addDeserializer(ApiKey.class, new ApiKeyReader());
  }

  private static final class ApiKeyWriter extends StdSerializer<ApiKey> {
    private static final long serialVersionUID = 1L;

    ApiKeyWriter() {
      super(ApiKey.class);
    }

    @Override
    public void serialize(ApiKey key, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(key.secret());
    }
  }

  private static final class ApiKeyReader extends StdDeserializer<ApiKey> {
    private static final long serialVersionUID = 1L;

    ApiKeyReader() {
      super(ApiKey.class);
    }

    @Override
    public ApiKey deserialize(JsonParser in, DeserializationContext context) throws IOException {
      if (!in.hasToken(JsonToken.VALUE_STRING)) {
        return context.reportInputMismatch(this, "a key is a string");
      }
      return new ApiKey(in.getText());
    }

    @Override
    public ApiKey getNullValue(DeserializationContext context) throws JsonMappingException {
      return context.reportInputMismatch(this, "a key is a string");
    }
  }
}
