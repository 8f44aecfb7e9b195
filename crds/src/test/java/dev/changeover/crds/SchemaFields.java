package dev.changeover.crds;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** The fields of a CRD's schema by path: {@code spec.targets[].model}, {@code spec.headers{}}. */
public final class SchemaFields {

  private SchemaFields() {}

  public static Map<String, JsonNode> of(JsonNode schema) {
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    collect("", schema, fields);
    return fields;
  }

  private static void collect(String path, JsonNode schema, Map<String, JsonNode> fields) {
    schema
        .path("properties")
        .properties()
        .forEach(entry -> {
          String field = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
          fields.put(field, entry.getValue());
          entries(field, entry.getValue(), fields);
        });
  }

  private static void entries(String field, JsonNode schema, Map<String, JsonNode> fields) {
    collect(field, schema, fields);
    collect(field + "[]", schema.path("items"), fields);
  }
}
