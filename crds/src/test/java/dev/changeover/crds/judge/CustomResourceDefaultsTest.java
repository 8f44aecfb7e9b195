package dev.changeover.crds.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.changeover.crds.ResourceDefinition;
import dev.changeover.crds.SchemaFields;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class CustomResourceDefaultsTest {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  @Test
  void defaultsReachIntoListsAndIntoWhatWasWrittenInPart() throws IOException {
    // Given
    JsonNode written =
        YAML.readTree(
            """
            kind: LlmProvider
            spec:
              type: OpenAI
              models: [{name: a}]
              timeouts: {total: 1h, connect: null, idle: null}
            """);
    // When
    JsonNode filled = CustomResourceDefaults.applied(written);
    // Then
    JsonNode timeouts = YAML.readTree("{total: 1h, connect: 1s, firstToken: 30s, answer: 2m}");
    assertThat(filled.at("/spec/timeouts")).isEqualTo(timeouts);
    assertThat(filled.at("/spec/models/0/reasoning").asText()).isEqualTo("false");
    assertThat(filled.at("/spec/health/hold/initial").asText()).isEqualTo("30s");
    assertThat(filled.at("/spec/mode").asText()).isEqualTo("Active");
  }

  /** An API server refuses a CRD with a default that breaks a rule before it is filled in. */
  @Test
  void defaultsOfObjectsKeepTheRulesAsTheyStand() {
    int defaults = 0;
    for (ResourceDefinition definition : ResourceDefinition.all()) {
      for (JsonNode schema : SchemaFields.of(definition.schema()).values()) {
        if (schema.path("default").isObject()) {
          defaults++;
          assertThat(new RuleJudge(schema).judge(schema.path("default"))).isEmpty();
          assertThat(new SchemaJudge(schema).judge(schema.path("default"))).isEmpty();
        }
      }
    }
    assertThat(defaults).isEqualTo(7);
  }

  @Test
  void whatIsGivenIsNotChanged() throws IOException {
    // Given
    JsonNode written = YAML.readTree("{kind: LlmRoute, spec: {}}");
    // When
    CustomResourceDefaults.applied(written);
    // Then
    assertThat(written.toString()).isEqualTo("{\"kind\":\"LlmRoute\",\"spec\":{}}");
  }

  @Test
  void otherKindsHaveNoDefaultsOfOurs() throws IOException {
    JsonNode secret = YAML.readTree("{kind: Secret, spec: {}}");
    assertThat(CustomResourceDefaults.applied(secret)).isEqualTo(secret);
  }
}
