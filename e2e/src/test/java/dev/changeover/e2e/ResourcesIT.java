package dev.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.changeover.crds.judge.CustomResourceDefaults;
import dev.changeover.e2e.Command.Result;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What the API server makes of our resources besides judging them. */
@OnApiServer
final class ResourcesIT {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private static final String PROVIDER =
      """
      apiVersion: changeover.dev/v1alpha1
      kind: LlmProvider
      metadata: {name: anthropic}
      spec:
        type: Anthropic
        credentials: [{name: main, secretKeyRef: {name: keys, key: anthropic}}]
      """;
  private static final String ROUTE =
      """
      apiVersion: changeover.dev/v1alpha1
      kind: LlmRoute
      metadata: {name: assistant}
      spec:
        models: [assistant]
        targets: [{providerRef: {name: anthropic}, model: claude-sonnet-4-5}]
      """;

  private final Kubectl kubectl;

  ResourcesIT(Cluster cluster) {
    kubectl = cluster.kubectl(cluster.freshNamespace("resources"));
  }

  @Test
  void absentFieldsAreStoredWithTheDefaultsOfTheOfflineJudge() throws IOException {
    for (String written : new String[] {PROVIDER, ROUTE}) {
      // When
      kubectl.apply(written).ok();
      JsonNode resource = YAML.readTree(written);
      JsonNode stored =
          read(resource.path("kind").asText(), resource.at("/metadata/name").asText());
      // Then
      assertThat(stored.path("spec"))
          .isEqualTo(CustomResourceDefaults.applied(resource).path("spec"));
    }
  }

  @Test
  void anUnknownFieldIsPrunedWhereNobodyAsksForStrictness() throws IOException {
    // When
    kubectl.apply(PROVIDER + "  budgett: {amount: '5'}\n", "--validate=ignore").ok();
    // Then
    assertThat(read("LlmProvider", "anthropic").path("spec").has("budgett")).isFalse();
  }

  @Test
  void aStatusIsWrittenThroughItsSubresourceAndNothingElseIs() throws IOException {
    // Given
    kubectl.apply(PROVIDER).ok();
    String patch =
        """
        {"spec": {"mode": "Drained"}, "status": {"state": "Banned", "reason": "AccountDisabled"}}
        """;
    // When
    kubectl.ok("patch", "llmp", "anthropic", "--type=merge", "--patch=" + patch);
    JsonNode byResource = read("LlmProvider", "anthropic");
    kubectl.ok("patch", "llmp", "anthropic", "--type=merge", "--patch={\"spec\":{\"mode\":null}}");
    long generation = read("LlmProvider", "anthropic").at("/metadata/generation").asLong();
    kubectl.ok(
        "patch", "llmp", "anthropic", "--subresource=status", "--type=merge", "--patch=" + patch);
    JsonNode byStatus = read("LlmProvider", "anthropic");
    // Then
    assertThat(byResource.at("/spec/mode").asText()).isEqualTo("Drained");
    assertThat(byResource.has("status")).isFalse();
    assertThat(byStatus.at("/spec/mode").asText()).isEqualTo("Active");
    assertThat(byStatus.at("/status/state").asText()).isEqualTo("Banned");
    assertThat(byStatus.at("/metadata/generation").asLong()).isEqualTo(generation);
  }

  @Test
  void aSecondFieldManagerOwnsItsEntriesOfAListAndConflictsOverOthers() throws IOException {
    // Given
    kubectl.apply(PROVIDER, "--server-side", "--field-manager=platform").ok();
    String second =
        """
        apiVersion: changeover.dev/v1alpha1
        kind: LlmProvider
        metadata: {name: anthropic}
        spec:
          credentials: [{name: spare, secretKeyRef: {name: keys, key: spare}}]
        """;
    // When
    kubectl.apply(second, "--server-side", "--field-manager=rotation").ok();
    Result conflict =
        kubectl.apply(
            second.replace("spare,", "main,"), "--server-side", "--field-manager=rotation");
    // Then
    assertThat(read("LlmProvider", "anthropic").at("/spec/credentials").findValuesAsText("key"))
        .containsExactly("anthropic", "spare");
    assertThat(conflict.status()).isNotZero();
    assertThat(conflict.text())
        .contains(
            "conflict with \"platform\"", ".spec.credentials[name=\"main\"].secretKeyRef.key");
  }

  @Test
  void providersAndRoutesAreSelectedByFieldShortNameAndCategory() throws IOException {
    // Given
    kubectl.apply(PROVIDER).ok();
    kubectl.apply(PROVIDER.replace("name: anthropic}\nspec", "name: banned}\nspec")).ok();
    kubectl.apply(ROUTE).ok();
    kubectl.ok(
        "patch",
        "llmp",
        "banned",
        "--subresource=status",
        "--type=merge",
        "--patch={\"status\":{\"state\":\"Banned\"}}");
    // Then
    assertThat(names("llmproviders", "--field-selector=status.state=Banned"))
        .isEqualTo("llmprovider.changeover.dev/banned\n");
    assertThat(names("llmp", "--field-selector=spec.type=OpenAI")).isEmpty();
    assertThat(names("llmr")).isEqualTo("llmroute.changeover.dev/assistant\n");
    for (String category : new String[] {"changeover", "llm"}) {
      assertThat(names(category).lines())
          .containsExactly(
              "llmprovider.changeover.dev/anthropic",
              "llmprovider.changeover.dev/banned",
              "llmroute.changeover.dev/assistant");
    }
    assertThat(names("all")).doesNotContain("changeover");
  }

  private String names(String kind, String... options) {
    String[] arguments = new String[options.length + 4];
    System.arraycopy(
        new String[] {"get", kind, "--output=name", "--ignore-not-found"}, 0, arguments, 0, 4);
    System.arraycopy(options, 0, arguments, 4, options.length);
    return kubectl.ok(arguments);
  }

  private JsonNode read(String kind, String name) throws IOException {
    return YAML.readTree(kubectl.ok("get", kind, name, "--output=yaml"));
  }
}
