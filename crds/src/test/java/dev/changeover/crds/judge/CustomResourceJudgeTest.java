package dev.changeover.crds.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.changeover.testkit.Seeds;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CustomResourceJudgeTest {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final CustomResourceJudge JUDGE = new CustomResourceJudge();

  @ParameterizedTest
  @ValueSource(strings = {"null", "[]", "text", "7", "{}", "{kind: Secret, apiVersion: v1}"})
  void whatIsNoResourceOfOursIsRefused(String resource) throws IOException {
    assertThat(JUDGE.judge(YAML.readTree(resource)))
        .extracting(Finding::constraint)
        .containsExactly("kind");
  }

  @Test
  void findingNamesTheFieldForATool() throws IOException {
    // Given
    JsonNode route =
        YAML.readTree(
            """
            apiVersion: changeover.dev/v1alpha1
            kind: LlmRoute
            metadata: {name: assistant}
            spec:
              models: [assistant]
              targets: [{providerRef: {name: a}, model: m}, {providerRef: {name: b}}]
            """);
    // When
    List<Finding> findings = JUDGE.judge(route);
    // Then
    assertThat(findings)
        .containsExactly(
            new Finding(
                "spec.targets[1].model",
                "spec.targets[1].model: Required value",
                "spec.targets[].model required"));
  }

  @Test
  void oneJudgeServesManyThreads() throws IOException {
    JsonNode route =
        YAML.readTree(
            """
            apiVersion: changeover.dev/v1alpha1
            kind: LlmRoute
            metadata: {name: assistant}
            spec: {models: [a*b], targets: [{providerRef: {name: a}, model: m}]}
            """);
    assertThat(IntStream.range(0, 200).parallel().mapToObj(_ -> JUDGE.judge(route)))
        .allSatisfy(findings -> assertThat(findings).hasSize(1));
  }

  @Test
  void noShapeMakesTheJudgeFail() throws IOException {
    JsonNode valid =
        YAML.readTree(
            """
            apiVersion: changeover.dev/v1alpha1
            kind: LlmProvider
            metadata: {name: a}
            spec: {type: OpenAI, credentials: [{name: a, secretKeyRef: {name: a, key: b}}]}
            """);
    List<String> wild =
        List.of("null", "true", "7", "1.5", "text", "[]", "[null]", "{a: {b: [c]}}");
    List<String> places =
        List.of("type", "credentials", "headers", "tls", "models", "timeouts", "health", "alerts");
    Seeds.forEach(
        200,
        random -> {
          JsonNode resource = valid.deepCopy();
          for (int i = 0; i < 3; i++) {
            String place = places.get(random.nextInt(places.size()));
            JsonNode value = parsed(wild.get(random.nextInt(wild.size())));
            resource.withObject("/spec").set(place, value);
          }
          assertThat(JUDGE.judge(resource)).isNotNull();
        });
  }

  private static JsonNode parsed(String yaml) {
    try {
      return YAML.readTree(yaml);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
