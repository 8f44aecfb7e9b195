package dev.changeover.crds.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.crds.ResourceDefinition;
import java.util.List;
import java.util.Map;

/** The defaults of a CRD, filled in as an API server does before it judges and stores. */
public final class CustomResourceDefaults {

  private CustomResourceDefaults() {}

  /** A copy with its defaults; a resource of a kind that is not ours is only copied. */
  public static JsonNode applied(JsonNode resource) {
    JsonNode copy = resource.deepCopy();
    ResourceDefinition.of(resource.path("kind").asText())
        .ifPresent(definition -> fill(copy, definition.schema()));
    return copy;
  }

  static JsonNode applied(JsonNode resource, JsonNode schema) {
    JsonNode copy = resource.deepCopy();
    fill(copy, schema);
    return copy;
  }

  private static void fill(JsonNode value, JsonNode schema) {
    switch (value) {
      case ObjectNode object -> fillObject(object, schema);
      case ArrayNode array -> array.forEach(entry -> fill(entry, schema.path("items")));
      default -> {} // a scalar has nothing inside to fill
    }
  }

  private static void fillObject(ObjectNode object, JsonNode schema) {
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      fillProperty(object, property.getKey(), property.getValue());
    }
    JsonNode entries = schema.path("additionalProperties");
    if (entries.isObject()) {
      List.copyOf(object.properties()).forEach(entry -> fill(entry.getValue(), entries));
    }
  }

  /** A null counts as absent: none of our fields may be null. */
  private static void fillProperty(ObjectNode object, String name, JsonNode schema) {
    if (object.path(name).isNull()) {
      object.remove(name);
    }
    if (!object.has(name) && schema.has("default")) {
      object.set(name, schema.path("default").deepCopy());
    }
    fill(object.path(name), schema);
  }
}
