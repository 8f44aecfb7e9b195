package dev.changeover.crds.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.NodePath;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** The schema of one kind: types, required fields, enums, patterns and bounds. */
final class SchemaJudge {

  private final Schema schema;

  SchemaJudge(JsonNode schema) {
    this.schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(schema);
  }

  List<Finding> judge(JsonNode resource) {
    List<Error> errors = schema.validate(resource);
    Set<NodePath> mistyped = places(errors, Set.of("type"));
    Set<NodePath> missized = places(errors, Set.of("minLength", "maxLength"));
    return errors.stream()
        .filter(e -> e.getKeyword().equals("type") || !mistyped.contains(e.getInstanceLocation()))
        .filter(
            e -> !e.getKeyword().equals("pattern") || !missized.contains(e.getInstanceLocation()))
        .map(SchemaJudge::finding)
        .toList();
  }

  /** Where one of the keywords failed; what else fails there is only an after-effect. */
  private static Set<NodePath> places(List<Error> errors, Set<String> keywords) {
    return errors.stream()
        .filter(error -> keywords.contains(error.getKeyword()))
        .map(Error::getInstanceLocation)
        .collect(Collectors.toSet());
  }

  private static Finding finding(Error error) {
    String place = field(error.getInstanceLocation());
    boolean required = error.getKeyword().equals("required");
    String field = required ? Fields.property(place, error.getProperty()) : place;
    String text = field + ": " + what(field, error);
    return new Finding(field, text, Fields.withoutIndexes(field) + " " + error.getKeyword());
  }

  private static String what(String field, Error error) {
    JsonNode value = error.getInstanceNode();
    JsonNode limit = error.getSchemaNode();
    String inBody = field + " in body ";
    return switch (error.getKeyword()) {
      case "required" -> "Required value";
      case "enum" -> "Unsupported value: " + value + ": supported values: " + listed(limit);
      case "type" -> {
        boolean fraction = value.isFloatingPointNumber() && limit.asText().equals("integer");
        String wanted = fraction ? "int32" : limit.asText(); // then Go's words for both
        String type = fraction ? "\"float64\"" : "\"" + typeOf(value) + "\"";
        yield invalid(type, inBody + "must be of type " + wanted + ": " + type);
      }
      case "pattern" -> invalid(value, inBody + "should match '" + limit.asText() + "'");
      case "minLength" -> invalid(value, inBody + "should be at least " + limit + " chars long");
      case "maxLength" -> "Too long: may not be more than " + limit + " bytes";
      case "minItems" -> invalid(value.size(), inBody + "should have at least " + limit + " items");
      case "maxItems", "maxProperties" ->
          "Too many: " + value.size() + ": must have at most " + limit + " items";
      case "minimum" -> invalid(value, inBody + "should be greater than or equal to " + limit);
      case "maximum" -> invalid(value, inBody + "should be less than or equal to " + limit);
      default -> invalid(value, error.getMessage()); // a keyword that our CRDs do not use
    };
  }

  private static String invalid(Object value, String why) {
    return "Invalid value: " + value + ": " + why;
  }

  private static String listed(JsonNode values) {
    StringJoiner listed = new StringJoiner(", ");
    values.forEach(value -> listed.add(value.toString()));
    return listed.toString();
  }

  private static String typeOf(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> "object";
      case ARRAY -> "array";
      case BOOLEAN -> "boolean";
      case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
      case STRING -> "string";
      case NULL, MISSING -> "null";
      case BINARY, POJO -> throw new IllegalArgumentException("not JSON: " + value.getNodeType());
    };
  }

  private static String field(NodePath path) {
    String field = "";
    for (int i = 0; i < path.getNameCount(); i++) {
      field =
          path.getElement(i) instanceof Integer index
              ? Fields.entry(field, index)
              : Fields.property(field, path.getName(i));
    }
    return field;
  }
}
