package dev.changeover.crds.judge;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** All that a schema demands, named as {@link Finding#constraint()} names what is broken. */
final class Constraints {

  private static final List<String> KEYWORDS =
      List.of(
          "enum",
          "pattern",
          "minLength",
          "maxLength",
          "minItems",
          "maxItems",
          "maxProperties",
          "minimum",
          "maximum");

  private Constraints() {}

  static Set<String> of(JsonNode schema, String path) {
    Set<String> constraints = new TreeSet<>();
    collect(schema, path, constraints);
    return constraints;
  }

  private static void collect(JsonNode schema, String path, Set<String> constraints) {
    KEYWORDS.stream().filter(schema::has).forEach(keyword -> constraints.add(path + " " + keyword));
    schema
        .path("required")
        .forEach(field -> constraints.add(path + "." + field.asText() + " required"));
    schema
        .path("x-kubernetes-validations")
        .forEach(rule -> constraints.add(rule.path("message").asText()));
    if (schema.has("x-kubernetes-list-type")
        && !schema.path("x-kubernetes-list-type").asText().equals("atomic")) {
      constraints.add(path + " x-kubernetes-list-type");
    }
    schema
        .path("properties")
        .properties()
        .forEach(field -> collect(field.getValue(), path + "." + field.getKey(), constraints));
    collectBelow(schema.path("items"), path + "[]", constraints);
    collectBelow(schema.path("additionalProperties"), path + "{}", constraints);
  }

  private static void collectBelow(JsonNode schema, String path, Set<String> constraints) {
    if (schema.isObject()) {
      collect(schema, path, constraints);
    }
  }
}
