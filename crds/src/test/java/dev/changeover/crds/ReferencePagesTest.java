package dev.changeover.crds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.changeover.testkit.Goldens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The pages {@code docs/reference/llm*.md}, written from the CRDs. */
final class ReferencePagesTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("changeover.basedir", ".."), "docs/reference");

  /** What a description says, then whether it is required, its default and an example. */
  private static final Pattern DESCRIPTION =
      Pattern.compile(
          "(?<text>.*?)(?<required> Required\\.)?(?: Default: (?<standard>.*?)\\.)?"
              + "(?<example> Example: .*)?");

  @TestFactory
  List<DynamicTest> pagesAreWhatTheDefinitionsSay() {
    return ResourceDefinition.all().stream()
        .map(definition ->
            DynamicTest.dynamicTest(
                definition.kind(),
                () ->
                    Goldens.compare(
                        FOLDER.resolve(definition.kind().toLowerCase(Locale.ROOT) + ".md"),
                        page(definition))))
        .toList();
  }

  private static String page(ResourceDefinition definition) throws IOException {
    JsonNode names =
        new ObjectMapper(new YAMLFactory()).readTree(definition.yaml()).at("/spec/names");
    StringBuilder page = new StringBuilder();
    page.append("# ").append(definition.kind()).append("\n\n");
    page.append("<!-- Written from the CRD by ReferencePagesTest of module crds: run it with")
        .append(" -Dgoldens.update=true. -->\n\n");
    page.append(definition.schema().path("description").asText()).append("\n\n");
    page.append("`apiVersion: %s`, namespaced. ".formatted(ResourceDefinition.API_VERSION))
        .append("`kubectl get %s`, ".formatted(definition.plural()))
        .append("short `%s`; ".formatted(names.at("/shortNames/0").asText()))
        .append(
            "both kinds together: `kubectl get %s`.\n"
                .formatted(names.at("/categories/1").asText()));
    page.append("\n## Spec\nA `[]` stands for each entry of a list.\n\n");
    page.append("| field | type | default | limits | meaning |\n|---|---|---|---|---|\n");
    fields(definition, "spec.").forEach((path, field) -> page.append(row(path, field)));
    page.append("\n## Rules\nChecked by the API server when the object is written.\n\n");
    page.append("| field | message |\n|---|---|\n");
    rules("spec", definition.schema().at("/properties/spec")).forEach(page::append);
    page.append("\n## Status\nWritten by the operator.\n\n");
    page.append("| field | type | meaning |\n|---|---|---|\n");
    fields(definition, "status.").forEach((path, field) -> page.append(statusRow(path, field)));
    page.append("\n## Columns\n");
    page.append("| column | field | shown |\n|---|---|---|\n");
    for (ResourceDefinition.PrinterColumn column : definition.columns()) {
      page.append(
          "| %s | `%s` | %s |\n"
              .formatted(
                  column.name(),
                  column.jsonPath(),
                  column.priority() == 0 ? "always" : "with `-o wide`"));
    }
    page.append("\nFields that `--field-selector` takes: ");
    return page.append(String.join(", ", selectable(definition))).append(".\n").toString();
  }

  private static List<String> selectable(ResourceDefinition definition) throws IOException {
    List<String> fields = new ArrayList<>();
    new ObjectMapper(new YAMLFactory())
        .readTree(definition.yaml())
        .at("/spec/versions/0/selectableFields")
        .forEach(field -> fields.add("`" + field.path("jsonPath").asText().substring(1) + "`"));
    return fields;
  }

  private static Map<String, JsonNode> fields(ResourceDefinition definition, String part) {
    Map<String, JsonNode> fields = SchemaFields.of(definition.schema());
    fields.keySet().removeIf(Predicate.not(path -> path.startsWith(part)));
    return fields;
  }

  private static String row(String path, JsonNode field) {
    Matcher told = told(field);
    boolean required = told.group("required") != null;
    JsonNode standard = field.path("default");
    String without = "";
    if (required) {
      without = "**required**";
    } else if (standard.isValueNode()) {
      without = code(standard.asText());
    } else if (told.group("standard") != null) {
      without = told.group("standard");
    }
    String example = told.group("example") == null ? "" : told.group("example");
    return "| %s | %s | %s | %s | %s |\n"
        .formatted(
            code(path),
            type(field),
            cell(without),
            cell(String.join(", ", limits(field))),
            cell(told.group("text") + example));
  }

  private static String statusRow(String path, JsonNode field) {
    return "| %s | %s | %s |\n"
        .formatted(code(path), type(field), cell(field.path("description").asText()));
  }

  private static Matcher told(JsonNode field) {
    Matcher told = DESCRIPTION.matcher(field.path("description").asText());
    if (!told.matches()) {
      throw new AssertionError(field);
    }
    return told;
  }

  private static String type(JsonNode field) {
    String type = field.path("type").asText();
    if (field.has("additionalProperties")) {
      return "map of " + field.at("/additionalProperties/type").asText();
    }
    if (type.equals("array")) {
      return "list of " + field.at("/items/type").asText();
    }
    return field.path("format").asText().equals("date-time") ? "time" : type;
  }

  private static List<String> limits(JsonNode field) {
    List<String> limits = new ArrayList<>(ownLimits(field));
    ownLimits(field.path("items")).forEach(limit -> limits.add("each " + limit));
    ownLimits(field.path("additionalProperties")).forEach(limit -> limits.add("each " + limit));
    JsonNode key = field.at("/x-kubernetes-list-map-keys/0");
    if (!key.isMissingNode()) {
      limits.add("%s unique".formatted(code(key.asText())));
    } else if (field.path("x-kubernetes-list-type").asText().equals("set")) {
      limits.add("unique");
    }
    return limits;
  }

  private static List<String> ownLimits(JsonNode field) {
    List<String> limits = new ArrayList<>();
    if (field.has("enum")) {
      List<String> words = new ArrayList<>();
      field.path("enum").forEach(word -> words.add(code(word.asText())));
      limits.add(String.join(", ", words));
    }
    range(field, "minimum", "maximum", "", limits);
    range(field, "minLength", "maxLength", " characters", limits);
    range(field, "minItems", "maxItems", " entries", limits);
    range(field, "minProperties", "maxProperties", " entries", limits);
    if (field.has("pattern")) {
      limits.add("matches " + code(field.path("pattern").asText()));
    }
    return limits;
  }

  private static void range(
      JsonNode field, String least, String most, String unit, List<String> limits) {
    if (field.has(least) && field.has(most)) {
      limits.add(field.path(least).asText() + " to " + field.path(most).asText() + unit);
    } else if (field.has(most)) {
      limits.add("at most " + field.path(most).asText() + unit);
    } else if (field.has(least)) {
      limits.add("at least " + field.path(least).asText() + unit);
    }
  }

  private static List<String> rules(String path, JsonNode schema) {
    List<String> rules = new ArrayList<>();
    for (JsonNode rule : schema.path("x-kubernetes-validations")) {
      String field = path + rule.path("fieldPath").asText();
      rules.add("| %s | %s |\n".formatted(code(field), cell(rule.path("message").asText())));
    }
    schema
        .path("properties")
        .properties()
        .forEach(entry -> rules.addAll(rules(path + "." + entry.getKey(), entry.getValue())));
    if (schema.has("items")) {
      rules.addAll(rules(path + "[]", schema.path("items")));
    }
    return rules;
  }

  private static String code(String text) {
    return "`" + cell(text) + "`";
  }

  private static String cell(String text) {
    return text.replaceAll("(?<!\\\\)\\|", "\\\\|");
  }
}
