package dev.changeover.operator.publish;

import dev.changeover.crds.DurationText;
import dev.changeover.crds.ResourceDefinition;
import dev.changeover.operator.alerts.AlertRules;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRuleBuilder;
import io.fabric8.openshift.api.model.monitoring.v1.Rule;
import io.fabric8.openshift.api.model.monitoring.v1.RuleGroup;
import java.time.Duration;
import java.util.List;

/** The step from our rules to the resource that Prometheus reads. */
final class AlertRulesToPrometheusRule {
  private AlertRulesToPrometheusRule() {}

  static PrometheusRule rule(AlertRules rules) {
    List<OwnerReference> owners =
        rules
            .owner()
            .map(owner ->
                new OwnerReferenceBuilder()
                    .withApiVersion(ResourceDefinition.API_VERSION)
                    .withKind("LlmProvider")
                    .withName(owner.name())
                    .withUid(owner.uid())
                    .build())
            .stream()
            .toList();
    return new PrometheusRuleBuilder()
        .withNewMetadata()
        .withName(rules.name().name())
        .withNamespace(rules.name().namespace())
        .withLabels(rules.labels())
        .withOwnerReferences(owners)
        .endMetadata()
        .withNewSpec()
        .withGroups(rules.groups().stream().map(AlertRulesToPrometheusRule::group).toList())
        .endSpec()
        .build();
  }

  private static RuleGroup group(AlertRules.Group group) {
    var result = new RuleGroup();
    result.setName(group.name());
    result.setRules(group.rules().stream().map(AlertRulesToPrometheusRule::alert).toList());
    return result;
  }

  private static Rule alert(AlertRules.Rule alert) {
    var result = new Rule();
    result.setAlert(alert.alert());
    result.setExpr(new IntOrString(alert.expression()));
    if (alert.duration().isPositive()) {
      result.setFor(text(alert.duration()));
    }
    if (alert.keepFiringFor().isPositive()) {
      result.setKeepFiringFor(text(alert.keepFiringFor()));
    }
    result.setLabels(alert.labels());
    result.setAnnotations(alert.annotations());
    return result;
  }

  /** Resources and Prometheus write durations alike. */
  private static String text(Duration duration) {
    return DurationText.format(duration);
  }
}
