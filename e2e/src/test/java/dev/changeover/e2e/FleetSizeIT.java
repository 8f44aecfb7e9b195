package dev.changeover.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.contract.Bundle;
import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.process.GatewayProcess;
import dev.changeover.testkit.process.OperatorProcess;
import dev.changeover.testkit.provider.Dialect;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Gatherers;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A large fleet: 1,000 providers and 5,000 routes. */
@OnApiServer
@Tag("own-cluster")
final class FleetSizeIT {
  private static final int PROVIDERS = 1_000;
  private static final int ROUTES = 5_000;
  private static final int AT_ONCE = 16;
  private static final int HEAP_MEGABYTES = 512;
  private static final Duration THERE_MAX = Duration.ofMinutes(4);
  private static final Pattern HEAP_USED = Pattern.compile("(?:DefNew|Tenured) .*used (\\d+)K");

  @TempDir private Path folder;

  private final Cluster cluster;

  FleetSizeIT(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void aLargeFleetIsReadServedAndChanged() {
    try (var fleet = new Installation(cluster, folder, "large")) {
      // Given
      long began = System.nanoTime();
      create(fleet);
      double created = secondsSince(began);
      // When
      began = System.nanoTime();
      OperatorProcess operator = fleet.startOperator(HEAP_MEGABYTES);
      GatewayProcess gateway = fleet.startGateway("gateway-1");
      await()
          .atMost(THERE_MAX)
          .until(() -> fleet.ask(gateway, Dialect.OPENAI, "model-" + ROUTES) instanceof Complete);
      double started = secondsSince(began);
      await().atMost(THERE_MAX).until(() -> fleet.mount().shown().isPresent());
      // Then
      Bundle bundle = fleet.mount().shown().orElseThrow();
      int durable = bundle.encode().values().stream().mapToInt(file -> file.length).sum();
      Figures.print(
          "%d providers, %d routes: made in %.1f s; operator and gateway start and serve in %.1f s"
              .formatted(PROVIDERS, ROUTES, created, started));
      Figures.print(
          "configuration %.2f MB, in its Secret %.0f kB, operator's live heap %d MB"
              .formatted(
                  bundle.fleet().toString().getBytes(UTF_8).length / 1e6,
                  durable / 1e3,
                  liveHeapMegabytes(operator)));
      Figures.print(
          "one pass after one change: %.0f ms to the gateway's answer"
              .formatted(oneChange(operator, fleet)));
      Figures.print(
          "statuses and Events: %.0f writes a second since the start"
              .formatted(operator.metric("changeover_writes_total") / secondsSince(began)));
      assertThat(fleet.ask(gateway, Dialect.ANTHROPIC)).isInstanceOf(Complete.class);
    }
  }

  private static void create(Installation fleet) {
    String url = fleet.openAi().openAiBaseUrl();
    Stream.concat(
            IntStream.rangeClosed(1, PROVIDERS)
                .mapToObj(i -> Installation.providerYaml("provider-" + i, "OpenAI", url)),
            IntStream.rangeClosed(1, ROUTES).mapToObj(FleetSizeIT::route))
        .gather(
            Gatherers.mapConcurrent(
                AT_ONCE,
                yaml ->
                    fleet
                        .client()
                        .resource(Serialization.unmarshal(yaml, GenericKubernetesResource.class))
                        .inNamespace(fleet.namespace())
                        .create()))
        .forEach(_ -> {});
  }

  private static String route(int i) {
    return """
    apiVersion: changeover.dev/v1alpha1
    kind: LlmRoute
    metadata: {name: route-%1$d}
    spec:
      models: [model-%1$d]
      targets:
      - {providerRef: {name: provider-%2$d}, model: gpt-4o}
      - {providerRef: {name: provider-%3$d}, model: gpt-4o}
    """
        .formatted(i, 1 + i % PROVIDERS, 1 + (i + 1) % PROVIDERS);
  }

  /**
   * Milliseconds that the operator itself counts from a change to the gateway's acknowledgement.
   */
  private static double oneChange(OperatorProcess operator, Installation fleet) {
    String sum = "changeover_config_delay_seconds_sum";
    String count = "changeover_config_delay_seconds_count";
    double before = operator.metric(sum);
    double changes = operator.metric(count);
    fleet.deadline(301).ok();
    await().atMost(THERE_MAX).until(() -> operator.metric(count) > changes);
    return (operator.metric(sum) - before) * 1e3 / (operator.metric(count) - changes);
  }

  private static long liveHeapMegabytes(OperatorProcess operator) {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    String pid = Long.toString(operator.process().pid());
    Command.of(jcmd, pid, "GC.run").run().ok();
    Matcher used = HEAP_USED.matcher(Command.of(jcmd, pid, "GC.heap_info").run().ok());
    long kilobytes = 0;
    while (used.find()) {
      kilobytes += Long.parseLong(used.group(1));
    }
    return kilobytes / 1_000;
  }

  private static double secondsSince(long began) {
    return (System.nanoTime() - began) / 1e9;
  }
}
