package dev.changeover.crds.judge;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Fields that the schema does not have: dropped by an API server, refused by kubectl. */
final class UnknownFields {

  /** What every resource has, and no CRD repeats. */
  private static final Set<String> COMMON = Set.of("apiVersion", "kind", "metadata");

  private UnknownFields() {}

  static List<Finding> in(JsonNode resource, JsonNode schema) {
    List<Finding> findings = new ArrayList<>();
    collect("", resource, schema, findings);
    return findings;
  }

  private static void collect(
      String field, JsonNode value, JsonNode schema, List<Finding> findings) {
    JsonNode properties = schema.path("properties");
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      String name = Fields.property(field, entry.getKey());
      JsonNode property = properties.path(entry.getKey());
      if (property.isObject()) {
        collect(name, entry.getValue(), property, findings);
      } else if (properties.isObject() && !COMMON.contains(name)) {
        findings.add(new Finding(name, "unknown field \"" + name + "\"", "unknown field"));
      }
    }
    for (int i = 0; value.isArray() && i < value.size(); i++) {
      collect(Fields.entry(field, i), value.path(i), schema.path("items"), findings);
    }
  }
}
