package dev.changeover.operator.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.operator.World;
import dev.changeover.operator.model.FleetModel;
import dev.changeover.operator.translate.Origins;
import dev.changeover.operator.translate.Translator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class AlertRulesTest {
  private static final FleetModel MODEL =
      new Translator(Origins.PUBLIC, "default")
          .translate(
              World.view(
                  """
                  kind: LlmProvider
                  metadata: {name: one}
                  spec:
                    type: OpenAICompatible
                    baseUrl: https://one.example/v1
                    alerts: {successRateBelow: 99, for: 10m, labels: {team: ml, note: "{{ $x"}}
                  ---
                  kind: LlmRoute
                  metadata: {name: r}
                  spec: {models: [a], targets: [{providerRef: {name: one}, model: m}]}
                  """,
                  List.of()))
          .model();

  private static AlertRules.Rule rule(AlertPolicy policy, String alert) {
    return FleetModelToAlertRules.rules(MODEL, policy).stream()
        .flatMap(rules -> rules.groups().stream())
        .flatMap(group -> group.rules().stream())
        .filter(rule -> rule.alert().equals(alert))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theOwnersWishesAreInTheRules() {
    AlertRules.Rule degraded = rule(AlertPolicy.DEFAULT, "LLMProviderDegraded");
    assertThat(degraded.expression()).contains("> 0.01\n");
    assertThat(degraded.duration()).hasMinutes(10);
    assertThat(degraded.labels())
        .containsEntry("team", "ml")
        .containsEntry("namespace", "default")
        .containsEntry("provider", "one")
        .containsEntry("severity", "warning");
  }

  @Test
  void aLabelThatLooksLikeATemplateIsTakenAsItIs() {
    assertThat(rule(AlertPolicy.DEFAULT, "LLMProviderDown").labels())
        .containsEntry("note", "{{\"{{\"}} $x");
  }

  @Test
  void aProviderThatARouteDependsOnAloneIsCriticalWhenDown() {
    assertThat(rule(AlertPolicy.DEFAULT, "LLMProviderDown").labels())
        .containsEntry("severity", "critical");
  }

  @Test
  void theInstallationsPolicyIsAppliedToAll() {
    // Given
    var policy =
        new AlertPolicy(
            Optional.of("https://runbooks.example"),
            new TreeMap<>(Map.of("release", "prometheus")),
            Set.of("LLMRouteFailedOver"));
    // When
    List<AlertRules> rules = FleetModelToAlertRules.rules(MODEL, policy);
    // Then
    assertThat(rules).allMatch(each -> "prometheus".equals(each.labels().get("release")));
    assertThat(rules.getFirst().owner())
        .contains(new AlertRules.Owner("one", "uid-of-default/one"));
    assertThat(rule(policy, "LLMProviderBanned").annotations())
        .containsEntry("runbook_url", "https://runbooks.example/LLMProviderBanned");
    assertThat(rules.getLast().groups().getFirst().rules())
        .extracting(AlertRules.Rule::alert)
        .containsExactly("LLMRouteExhausted");
  }
}
