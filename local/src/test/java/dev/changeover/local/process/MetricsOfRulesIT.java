package dev.changeover.local.process;

import static dev.changeover.local.process.ProcessFleet.SETTLED_MAX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.testkit.client.ChatCall;
import dev.changeover.testkit.client.ChatClient;
import dev.changeover.testkit.process.GatewayProcess;
import dev.changeover.testkit.provider.Dialect;
import dev.changeover.testkit.provider.VendorReplies;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the rules in the cluster select is what a gateway shows. */
final class MetricsOfRulesIT {
  @TempDir private Path folder;

  @Test
  void everyMetricAndLabelOfARuleIsOnTheMetricsOfAGateway() {
    try (var fleet = new ProcessFleet(folder, ProcessFleet.Keys.SOME, Map.of())) {
      GatewayProcess gateway = fleet.startGateway("gateway");
      fleet.awaitProgrammed(1);
      List<String> expressions = expressions(fleet);

      fleet.anthropic().ban(VendorReplies.anthropicOrganizationDisabled());
      askOnce(gateway);
      await().atMost(SETTLED_MAX).until(() -> gateway.holds("anthropic", "AccountDisabled"));
      List<MetricUse> shown = MetricUse.inScrape(gateway.metrics().body());

      List<MetricUse> used =
          expressions.stream().flatMap(each -> MetricUse.inExpression(each).stream()).toList();
      assertThat(used).allMatch(use -> use.isAmong(shown));
      assertThat(used)
          .extracting(MetricUse::name)
          .contains(
              "llm_requests_total",
              "llm_requests_failed_total",
              "llm_provider_available",
              "llm_provider_holds",
              "llm_route_targets_available",
              "llm_route_failed_over");
      assertThat(
              MetricUse.inExpression(
                  "max by (credential, shard) (llm_provider_holds{provider=\"a\"}) > 0"))
          .noneMatch(use -> use.isAmong(shown));
    }
  }

  private static List<String> expressions(ProcessFleet fleet) {
    await().atMost(SETTLED_MAX).until(() -> rules(fleet).size() == 3);
    return rules(fleet).stream()
        .flatMap(rule -> rule.getSpec().getGroups().stream())
        .flatMap(group -> group.getRules().stream())
        .map(rule -> rule.getExpr().getStrVal())
        .toList();
  }

  private static List<PrometheusRule> rules(ProcessFleet fleet) {
    return fleet.client().resources(PrometheusRule.class).inAnyNamespace().list().getItems();
  }

  private static void askOnce(GatewayProcess gateway) {
    try (var client =
        new ChatClient(gateway.origin(), "", Duration.ofSeconds(20), System::nanoTime)) {
      client.send(ChatCall.of(Dialect.ANTHROPIC, ProcessFleet.MODEL, "#once", false));
    }
  }
}
