package dev.changeover.crds.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Entries that a list has twice, though its type says that they differ. */
final class ListEntries {

  private static final String TYPE = "x-kubernetes-list-type";
  private static final String KEYS = "x-kubernetes-list-map-keys";

  private ListEntries() {}

  static List<Finding> repeatedIn(JsonNode resource, JsonNode schema) {
    List<Finding> findings = new ArrayList<>();
    collect("", resource, schema, findings);
    return findings;
  }

  private static void collect(
      String field, JsonNode value, JsonNode schema, List<Finding> findings) {
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      JsonNode property = schema.path("properties").path(entry.getKey());
      collect(Fields.property(field, entry.getKey()), entry.getValue(), property, findings);
    }
    Set<JsonNode> seen = new HashSet<>();
    for (int i = 0; value.isArray() && i < value.size(); i++) {
      String entry = Fields.entry(field, i);
      JsonNode identity = identity(value.path(i), schema);
      if (!identity.isMissingNode() && !seen.add(identity)) {
        String text = entry + ": Duplicate value: " + identity;
        findings.add(new Finding(entry, text, Fields.withoutIndexes(field) + " " + TYPE));
      }
      collect(entry, value.path(i), schema.path("items"), findings);
    }
  }

  /** What must differ between entries; missing where nothing must, or the entry is no object. */
  private static JsonNode identity(JsonNode entry, JsonNode schema) {
    return switch (schema.path(TYPE).asText()) {
      case "set" -> entry;
      case "map" -> entry.isObject() ? keys(entry, schema) : schema.path(""); // misshapen
      default -> schema.path(""); // atomic
    };
  }

  private static ObjectNode keys(JsonNode entry, JsonNode schema) {
    ObjectNode keys = JsonNodeFactory.instance.objectNode();
    for (JsonNode key : schema.path(KEYS)) {
      if (entry.has(key.asText())) {
        keys.set(key.asText(), entry.path(key.asText()));
      }
    }
    return keys;
  }
}
