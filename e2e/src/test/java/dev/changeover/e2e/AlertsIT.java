package dev.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alert rules, where the monitoring API is not there at first. */
@OnApiServer
@Tag("own-cluster")
final class AlertsIT {
  /** The operator looks once a minute. */
  private static final Duration TAKEN_UP_MAX = Duration.ofSeconds(90);

  private static final String MONITORING_API =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: prometheusrules.monitoring.coreos.com}
      spec:
        group: monitoring.coreos.com
        names: {kind: PrometheusRule, plural: prometheusrules, singular: prometheusrule}
        scope: Namespaced
        versions:
        - name: v1
          served: true
          storage: true
          schema:
            openAPIV3Schema:
              type: object
              required: [spec]
              properties:
                spec:
                  type: object
                  properties:
                    groups:
                      type: array
                      items: {type: object, x-kubernetes-preserve-unknown-fields: true}
      """;

  @TempDir private Path folder;

  private final Cluster cluster;

  AlertsIT(Cluster cluster) {
    this.cluster = cluster;
  }

  @AfterEach
  void theMonitoringApiGoes() {
    cluster
        .kubectl("default")
        .ok("delete", "crd", "prometheusrules.monitoring.coreos.com", "--ignore-not-found");
  }

  @Test
  void rulesAreMissedAndThenWrittenOnceTheMonitoringApiAppears() {
    try (var fleet = Installation.started(cluster, folder, "alerts", 1)) {
      assertThat(alertsInstalled(fleet)).isEqualTo("False MonitoringApiMissing");
      assertThat(Standing.all(fleet.kubectl())).allMatch(Standing::ready);

      fleet.kubectl().apply(MONITORING_API).ok();
      await().atMost(TAKEN_UP_MAX).until(() -> alertsInstalled(fleet).startsWith("True"));
      assertThat(rules(fleet))
          .contains(
              "changeover-provider-anthropic", "changeover-provider-openai", "changeover-routes");

      fleet.kubectl().ok("delete", "llmp/openai");
      await()
          .atMost(Installation.SETTLED_MAX)
          .untilAsserted(
              () -> assertThat(rules(fleet)).doesNotContain("changeover-provider-openai"));
    }
  }

  private static String alertsInstalled(Installation fleet) {
    return Standing.all(fleet.kubectl()).stream()
        .filter(each -> each.resource().equals("LlmProvider/anthropic"))
        .flatMap(each -> each.conditions().stream())
        .filter(each -> each.type().equals("AlertsInstalled"))
        .map(each -> each.status() + " " + each.reason())
        .findFirst()
        .orElse("none");
  }

  private static List<String> rules(Installation fleet) {
    return fleet
        .kubectl()
        .ok(
            "get",
            "prometheusrules",
            "--output=jsonpath={range .items[*]}{.metadata.name}{\"\\n\"}{end}")
        .lines()
        .toList();
  }
}
