package dev.changeover.e2e;

import static dev.changeover.e2e.Installation.SETTLED_MAX;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.e2e.AuditLog.Entry;
import dev.changeover.testkit.Goldens;
import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.process.GatewayProcess;
import dev.changeover.testkit.provider.Dialect;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Resources that the API server takes and that nevertheless cannot work. */
@OnApiServer
final class ProblemsIT {
  private static final Path GOLDEN =
      Path.of(System.getProperty("basedir"), "src/test/resources/problems.txt");
  private static final List<String> WELL =
      List.of("LlmProvider/anthropic", "LlmProvider/openai", "LlmRoute/assistant");
  private static final String PASSES_DONE = "changeover_passes_total{result=\"done\"}";
  private static final int A_WHILE_SECONDS = 5;

  @TempDir private Path folder;

  private final Cluster cluster;

  ProblemsIT(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void onlyTheObjectThatHasTheProblemComplains() {
    try (var fleet = Installation.started(cluster, folder, "problems", 1)) {
      // Given
      GatewayProcess gateway = fleet.gateway("gateway-1");
      // When
      applyProblems(fleet);
      // Then
      List<Standing> all = awaitSettled(fleet);
      assertThat(all)
          .filteredOn(each -> WELL.contains(each.resource()))
          .hasSize(WELL.size())
          .allMatch(Standing::ready);
      assertThat(fleet.ask(gateway, Dialect.ANTHROPIC)).isInstanceOf(Complete.class);
      assertThat(fleet.ask(gateway, Dialect.OPENAI, "one-of-two")).isInstanceOf(Complete.class);
      Goldens.compare(
          GOLDEN,
          all.stream()
              .filter(each -> !WELL.contains(each.resource()))
              .map(Standing::complaint)
              .collect(Collectors.joining("\n\n", "", "\n"))
              .replace(fleet.namespace(), "NAMESPACE"));
    }
  }

  @Test
  @Tag("own-cluster")
  void aSecondPassWritesNothing() {
    try (var fleet = Installation.started(cluster, folder, "second-pass", 1)) {
      // Given
      applyProblems(fleet);
      awaitSettled(fleet);
      await().during(A_WHILE_SECONDS, SECONDS).atMost(SETTLED_MAX).until(writesStandStill(fleet));
      int before = cluster.audit().size();
      double passes = fleet.operator().metric(PASSES_DONE);
      // When
      fleet.kubectl().ok("label", "secret", "keys", "touched=true");
      await().atMost(SETTLED_MAX).until(() -> fleet.operator().metric(PASSES_DONE) > passes);
      await()
          .during(A_WHILE_SECONDS, SECONDS)
          .atMost(SETTLED_MAX)
          .untilAsserted(
              // Then
              () ->
                  assertThat(cluster.audit().of(fleet.operatorUser(), before))
                      .filteredOn(Entry::writes)
                      .isEmpty());
    }
  }

  private Callable<Boolean> writesStandStill(Installation fleet) {
    long[] last = {-1};
    return () -> {
      long now = cluster.audit().of(fleet.operatorUser(), 0).stream().filter(Entry::writes).count();
      boolean still = now == last[0];
      last[0] = now;
      return still;
    };
  }

  private List<Standing> awaitSettled(Installation fleet) {
    await()
        .atMost(SETTLED_MAX)
        .untilAsserted(() -> assertThat(Standing.all(fleet.kubectl())).allMatch(Standing::settled));
    return Standing.all(fleet.kubectl());
  }

  private static void applyProblems(Installation fleet) {
    fleet.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: odd}
        stringData: {words: two words, empty: ""}
        """);
    provider(fleet, "secret-missing", "{name: nowhere, key: api-key}", "");
    provider(fleet, "key-missing", "{name: odd, key: api-key}", "");
    provider(fleet, "key-empty", "{name: odd, key: empty}", "");
    provider(fleet, "key-is-words", "{name: odd, key: words}", "");
    String good = "{name: keys, key: anthropic}";
    provider(fleet, "ca-missing", good, "tls: {caSecretRef: {name: nowhere, key: ca.crt}}");
    provider(fleet, "ca-is-words", good, "tls: {caSecretRef: {name: odd, key: words}}");
    provider(fleet, "metadata-service", good, "baseUrl: http://169.254.169.254/");
    provider(fleet, "number-for-a-host", good, "baseUrl: http://2130706433/");
    route(fleet, "provider-missing", "{providerRef: {name: nowhere}, model: m}");
    route(
        fleet, "provider-elsewhere", "{providerRef: {name: x, namespace: kube-system}, model: m}");
    route(fleet, "provider-ill", "{providerRef: {name: secret-missing}, model: m}");
    route(
        fleet,
        "one-of-two",
        "{providerRef: {name: nowhere}, model: m}, {providerRef: {name: openai}, model: gpt-4o}");
    fleet.apply(
        """
        apiVersion: changeover.dev/v1alpha1
        kind: LlmRoute
        metadata: {name: name-taken}
        spec:
          models: [assistant]
          targets: [{providerRef: {name: openai}, model: gpt-4o}]
        """);
  }

  private static void provider(Installation fleet, String name, String secretKey, String more) {
    fleet.apply(
        """
        apiVersion: changeover.dev/v1alpha1
        kind: LlmProvider
        metadata: {name: %s}
        spec:
          type: Anthropic
          credentials: [{name: main, secretKeyRef: %s}]
          %s
        """
            .formatted(name, secretKey, more));
  }

  private static void route(Installation fleet, String name, String targets) {
    fleet.apply(
        """
        apiVersion: changeover.dev/v1alpha1
        kind: LlmRoute
        metadata: {name: %s}
        spec:
          models: [%s]
          targets: [%s]
        """
            .formatted(name, name, targets));
  }
}
