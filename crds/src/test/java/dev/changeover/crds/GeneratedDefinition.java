package dev.changeover.crds;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The CRD of a class: fabric8's generator, and then what it has no annotation for or gets wrong:
 * the order of columns, list types, enums of strings, formats.
 *
 * <p>An object's default is whole, since the generator binds what the annotation says: an API
 * server applies the rules to a default as it stands, before it fills in the defaults of its
 * fields.
 */
final class GeneratedDefinition {

  private static final String HEADER =
      """
      # Written from the classes of dev.changeover.crds by CommittedDefinitionsTest: change those,
      # and run the test with -Dgoldens.update=true.
      """;

  private static final String VALIDATIONS = "x-kubernetes-validations";

  private GeneratedDefinition() {}

  static String yaml(Class<? extends CustomResource<?, ?>> kind) {
    ObjectNode definition = generate(kind);
    ObjectNode version = (ObjectNode) definition.at("/spec/versions/0");
    sortColumns(version, kind);
    ObjectNode schema = (ObjectNode) version.at("/schema/openAPIV3Schema");
    schema.put("description", description(kind));
    schema.putArray("required").add("spec");
    ParameterizedType parts = (ParameterizedType) kind.getGenericSuperclass();
    finish(schema, "spec", (Class<?>) parts.getActualTypeArguments()[0]);
    finish(schema, "status", (Class<?>) parts.getActualTypeArguments()[1]);
    wholeNumbers(definition);
    return HEADER + write(definition);
  }

  private static ObjectNode generate(Class<? extends CustomResource<?, ?>> kind) {
    ObjectMapper plain = TolerantJson.plainMapper();
    var yaml = new ByteArrayOutputStream();
    new CRDGenerator()
        .withObjectMapper(plain, new KubernetesSerialization(plain, false))
        .customResourceClasses(kind)
        .withOutput(
            new CRDGenerator.AbstractCRDOutput<ByteArrayOutputStream>() {
              @Override
              protected ByteArrayOutputStream createStreamFor(String name) {
                return yaml;
              }
            })
        .generate();
    try {
      return (ObjectNode) new ObjectMapper(new YAMLFactory()).readTree(yaml.toByteArray());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void sortColumns(ObjectNode version, Class<?> kind) {
    ArrayNode sorted = version.arrayNode();
    for (var column : kind.getAnnotationsByType(AdditionalPrinterColumn.class)) {
      for (JsonNode generated : version.path("additionalPrinterColumns")) {
        if (generated.path("name").asText().equals(column.name())) {
          sorted.add(generated);
        }
      }
    }
    version.set("additionalPrinterColumns", sorted);
  }

  private static String description(Class<?> type) {
    return type.getAnnotation(JsonClassDescription.class).value();
  }

  private static void finish(ObjectNode root, String part, Class<?> type) {
    ObjectNode schema = (ObjectNode) root.path("properties").path(part);
    schema.put("description", description(type));
    finish(schema, type);
  }

  private static void finish(ObjectNode schema, Class<?> type) {
    dropRepeats(schema);
    for (RecordComponent component : type.getRecordComponents()) {
      Field field = field(type, component.getName());
      JsonProperty renamed = field.getAnnotation(JsonProperty.class);
      String name = renamed == null ? component.getName() : renamed.value();
      if (schema.path("properties").get(name) instanceof ObjectNode property) {
        finish(property, field);
      }
    }
  }

  private static void finish(ObjectNode property, Field field) {
    dropRepeats(property);
    OneOf oneOf = field.getAnnotation(OneOf.class);
    if (oneOf != null) {
      ArrayNode values = property.putArray("enum");
      Set.of(oneOf.value()); // refuses a value given twice
      List.of(oneOf.value()).forEach(values::add);
    }
    if (field.isAnnotationPresent(Timestamp.class)) {
      property.put("format", "date-time");
    }
    if (field.getType() == Integer.class) {
      property.put("format", "int32");
    }
    if (field.getType() == Long.class) {
      property.put("format", "int64");
    }
    if (field.getType() == List.class) {
      finishList(property, field);
    } else if (field.getType().isRecord()) {
      finish(property, field.getType());
    }
  }

  private static void finishList(ObjectNode property, Field field) {
    MergedBy mergedBy = field.getAnnotation(MergedBy.class);
    if (mergedBy == null) {
      property.put("x-kubernetes-list-type", "atomic");
    } else if (mergedBy.value().length == 0) {
      property.put("x-kubernetes-list-type", "set");
    } else {
      property.put("x-kubernetes-list-type", "map");
      ArrayNode keys = property.putArray("x-kubernetes-list-map-keys");
      List.of(mergedBy.value()).forEach(keys::add);
    }
    Type entry = ((ParameterizedType) field.getGenericType()).getActualTypeArguments()[0];
    if (entry instanceof Class<?> type && type.isRecord()) {
      finish((ObjectNode) property.path("items"), type);
    }
  }

  private static Field field(Class<?> type, String name) {
    try {
      return type.getDeclaredField(name);
    } catch (NoSuchFieldException e) {
      throw new AssertionError("a record has a field for each component", e);
    }
  }

  /** The generator reads a rule twice: from the component's field and from its accessor. */
  private static void dropRepeats(ObjectNode schema) {
    Set<JsonNode> rules = new LinkedHashSet<>();
    schema.path(VALIDATIONS).forEach(rules::add);
    if (!rules.isEmpty()) {
      schema.putArray(VALIDATIONS).addAll(rules);
    }
  }

  /** Bounds are doubles in the generator's model, and would be written {@code 1.0}. */
  private static void wholeNumbers(JsonNode node) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> entry : List.copyOf(object.properties())) {
        JsonNode value = entry.getValue();
        if (value.isDouble() && value.doubleValue() == Math.rint(value.doubleValue())) {
          object.put(entry.getKey(), value.longValue());
        }
      }
    }
    node.forEach(GeneratedDefinition::wholeNumbers);
  }

  private static String write(ObjectNode definition) {
    var yaml =
        new YAMLFactory()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES);
    try {
      return new ObjectMapper(yaml).writeValueAsString(definition);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
