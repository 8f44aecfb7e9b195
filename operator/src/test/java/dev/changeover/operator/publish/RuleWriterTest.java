package dev.changeover.operator.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.contract.ObjectName;
import dev.changeover.operator.alerts.AlertRules;
import dev.changeover.operator.model.RuleReport;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rules on an API server where people and rights change. */
final class RuleWriterTest {
  private static final AlertRules ONE = rules("one", "up == 0");
  private static final AlertRules TWO = rules("two", "up == 0");

  private final PatchedApi api = new PatchedApi();
  private final KubernetesClient client = api.client();
  private Instant now = Instant.parse("2026-01-01T12:00:00Z");
  private final RuleWriter writer = new RuleWriter(client, List.of(), () -> now, _ -> {});

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void whatWasTakenIsInstalledAndNotWrittenAgain() {
    assertThat(writer.write(List.of(ONE, TWO))).isEqualTo(installed(ONE, TWO));
    assertThat(api.patches()).isEqualTo(2);
    now = now.plus(RuleWriter.LOOK_PACE);
    assertThat(writer.write(List.of(ONE, TWO))).isEqualTo(installed(ONE, TWO));
    assertThat(api.patches()).isZero();
    var another = new RuleWriter(client, List.of(), () -> now, _ -> {});
    assertThat(another.write(List.of(ONE))).isEqualTo(installed(ONE));
    assertThat(api.patches()).isZero();
    now = now.plus(RuleWriter.LOOK_PACE);
    writer.write(List.of(ONE, TWO));
    assertThat(api.patches()).isOne(); // the other one has deleted it
  }

  @Test
  void whatWasDeletedByHandIsThereAgainAfterAMinute() {
    writer.write(List.of(ONE));
    api.deleteAll();
    assertThat(patchesAfter(Duration.ofSeconds(59))).isOne();
    assertThat(patchesAfter(Duration.ofSeconds(1))).isOne();
    assertThat(patchesAfter(Duration.ofSeconds(1))).isZero();
  }

  @Test
  void whatWasEditedByHandIsSetRightAndWhatWasAddedStays() {
    writer.write(List.of(ONE));
    api.patches();
    api.edit(
        PrometheusRule.class,
        rule -> {
          rule.getMetadata().getLabels().put("release", "prometheus");
          return rule;
        });
    assertThat(patchesAfter(RuleWriter.LOOK_PACE)).isZero();
    api.edit(
        PrometheusRule.class,
        rule -> {
          rule.getSpec().getGroups().getFirst().setRules(List.of());
          return rule;
        });
    assertThat(patchesAfter(RuleWriter.LOOK_PACE)).isOne();
  }

  @Test
  void aRefusalIsSaidAndAskedForAgainEachMinute() {
    api.forbid(true);
    RuleReport.Looked refused = writer.write(List.of(ONE));
    assertThat(refused.installed()).isEmpty();
    assertThat(refused.rejection(ONE.name()).orElseThrow()).contains("no right", "403");
    api.patches();
    assertThat(patchesAfter(Duration.ofSeconds(59))).isZero();
    assertThat(writer.write(List.of(rules("one", "up == 1"))).installed()).isEmpty();
    assertThat(api.patches()).as("another text is tried at once").isOne();
    api.forbid(false);
    now = now.plus(RuleWriter.REFUSED_PACE);
    assertThat(writer.write(List.of(ONE))).isEqualTo(installed(ONE));
  }

  @Test
  void whatCanNoLongerBeReadIsNotSaidToBeInstalled() {
    writer.write(List.of(ONE));
    api.failLists(true);
    now = now.plus(RuleWriter.LOOK_PACE);
    assertThat(writer.write(List.of(ONE, TWO))).isEqualTo(installed(TWO));
    now = now.plus(RuleWriter.FAILED_PACE);
    assertThat(writer.write(List.of(ONE, TWO))).isEqualTo(installed());
    api.failLists(false);
    now = now.plus(RuleWriter.FAILED_PACE);
    assertThat(writer.write(List.of(ONE, TWO))).isEqualTo(installed(ONE, TWO));
    assertThat(api.patches()).isEqualTo(2);
  }

  private int patchesAfter(Duration time) {
    now = now.plus(time);
    writer.write(List.of(ONE));
    return api.patches();
  }

  private static RuleReport installed(AlertRules... rules) {
    Set<ObjectName> names = new HashSet<>();
    for (AlertRules each : rules) {
      names.add(each.name());
    }
    return new RuleReport.Looked(names, Map.of());
  }

  private static AlertRules rules(String name, String expression) {
    var rule =
        new AlertRules.Rule(
            "Down",
            expression,
            Duration.ZERO,
            Duration.ZERO,
            new TreeMap<>(Map.of("severity", "critical")),
            new TreeMap<>(Map.of("summary", "It is down.")));
    return new AlertRules(
        new ObjectName("default", name),
        Optional.of(new AlertRules.Owner(name, "uid-of-" + name)),
        new TreeMap<>(Map.of("app.kubernetes.io/managed-by", "changeover")),
        List.of(new AlertRules.Group(name, List.of(rule))));
  }
}
