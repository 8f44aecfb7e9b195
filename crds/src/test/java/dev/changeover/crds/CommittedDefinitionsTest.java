package dev.changeover.crds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.testkit.Goldens;
import io.fabric8.kubernetes.client.CustomResource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class CommittedDefinitionsTest {

  private static final Path FOLDER =
      Path.of(System.getProperty("basedir", ""), "src/main/resources/dev/changeover/crds");

  @Test
  void providersAreWhatTheClassesSay() {
    compare(LlmProvider.class, "llmproviders");
  }

  @Test
  void routesAreWhatTheClassesSay() {
    compare(LlmRoute.class, "llmroutes");
  }

  private static void compare(Class<? extends CustomResource<?, ?>> kind, String plural) {
    Goldens.compare(
        FOLDER.resolve(plural + ".changeover.dev.yaml"), GeneratedDefinition.yaml(kind));
  }

  @Test
  void providerColumnsStandInOrder() {
    assertThat(columns("LlmProvider", 0))
        .containsExactly("TYPE", "STATE", "REASON", "SUCCESS", "P95", "SINCE", "AGE");
    assertThat(columns("LlmProvider", 1))
        .containsExactly("READY", "ENDPOINT", "ROUTES", "GATEWAYS", "UNTIL", "MESSAGE");
  }

  @Test
  void routeColumnsStandInOrder() {
    assertThat(columns("LlmRoute", 0))
        .containsExactly("MODELS", "STRATEGY", "STATE", "SERVING", "PREFERRED", "SINCE", "AGE");
    assertThat(columns("LlmRoute", 1))
        .containsExactly("READY", "CHAIN", "GATEWAYS", "LAST-FAILOVER", "MESSAGE");
  }

  private static List<String> columns(String kind, int priority) {
    return ResourceDefinition.of(kind).orElseThrow().columns().stream()
        .filter(column -> column.priority() == priority)
        .map(ResourceDefinition.PrinterColumn::name)
        .toList();
  }

  @Test
  void eachColumnReadsAFieldOfTheSchema() {
    for (ResourceDefinition definition : ResourceDefinition.all()) {
      for (ResourceDefinition.PrinterColumn column : definition.columns()) {
        if (!column.jsonPath().startsWith(".metadata.")) {
          String path = "/properties" + column.jsonPath().replace(".", "/properties/");
          JsonNode field =
              definition.schema().at(path.replaceFirst("^/properties/properties", "/properties"));
          assertThat(field.path("type").asText()).as(column.jsonPath()).isIn("string", "integer");
        }
      }
    }
  }

  @Test
  void everyFieldTellsItsPurposeAndItsDefault() {
    List<String> silent = new ArrayList<>();
    for (ResourceDefinition definition : ResourceDefinition.all()) {
      Map<String, JsonNode> fields = SchemaFields.of(definition.schema());
      assertThat(fields).hasSizeGreaterThan(30);
      fields.forEach((path, field) -> {
        String description = field.path("description").asText();
        String standard = field.path("default").asText();
        boolean told =
            path.matches("(spec|status)(\\..*)?")
                && description.endsWith(".")
                && (standard.isEmpty()
                    || description.contains("efault: " + standard)
                    || field.path("default").isObject());
        if (!told) {
          silent.add(path + ": " + description);
        }
      });
    }
    assertThat(silent).isEmpty();
  }

  @Test
  void everyFieldOfASpecThatIsAStringOrAListOrAMapIsBounded() {
    Map<String, Set<String>> bounds =
        Map.of(
            "string", Set.of("maxLength", "enum"),
            "array", Set.of("maxItems"),
            "object", Set.of("maxProperties", "properties"));
    List<String> boundless = new ArrayList<>();
    for (ResourceDefinition definition : ResourceDefinition.all()) {
      SchemaFields.of(definition.schema())
          .forEach((path, field) -> {
            Set<String> any = bounds.getOrDefault(field.path("type").asText(), Set.of("type"));
            if (path.startsWith("spec") && any.stream().noneMatch(field::has)) {
              boundless.add(path);
            }
          });
    }
    assertThat(boundless).isEmpty();
  }

  @Test
  void everyRuleNamesAFieldAndSaysWhatToDo() {
    Pattern whatToDo =
        Pattern.compile(
            ": (give|name|put|end|write|remove|rename|lower|raise|choose|list|set|move)\\b|; (lower|raise)"
                + "|so give|choose another");
    int rules = 0;
    for (ResourceDefinition definition : ResourceDefinition.all()) {
      for (JsonNode list : definition.schema().findValues("x-kubernetes-validations")) {
        for (JsonNode rule : list) {
          rules++;
          assertThat(rule.path("message").asText()).as("%s", rule).containsPattern(whatToDo);
        }
      }
    }
    assertThat(rules).isGreaterThan(20);
  }
}
