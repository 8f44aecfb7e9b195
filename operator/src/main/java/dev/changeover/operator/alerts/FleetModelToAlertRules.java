package dev.changeover.operator.alerts;

import dev.changeover.contract.Mode;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.RouteConfig;
import dev.changeover.contract.TargetConfig;
import dev.changeover.operator.model.FleetModel;
import dev.changeover.operator.model.ProviderModel;
import dev.changeover.operator.model.RuleReport;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The step from what is meant to the rules that watch it. */
public final class FleetModelToAlertRules {
  private FleetModelToAlertRules() {}

  /** All rules, in order; none for a provider or route that a person has drained. */
  public static List<AlertRules> rules(FleetModel model, AlertPolicy policy) {
    Set<ObjectName> sole = soleProviders(model);
    List<AlertRules> rules = new ArrayList<>();
    for (ProviderModel provider : model.providers().values()) {
      if (provider.mode() == Mode.ACTIVE) {
        rules.add(provider(provider, sole.contains(provider.name()), policy));
      }
    }
    Map<String, List<RouteConfig>> byNamespace =
        model.routes().values().stream()
            .collect(
                Collectors.groupingBy(
                    route -> route.name().namespace(), TreeMap::new, Collectors.toList()));
    byNamespace.forEach(
        (namespace, routes) -> routes(namespace, routes, policy).ifPresent(rules::add));
    return List.copyOf(rules);
  }

  private static AlertRules provider(ProviderModel provider, boolean sole, AlertPolicy policy) {
    SortedMap<String, String> labels = new TreeMap<>();
    provider.alerts().labels().forEach((label, value) -> labels.put(label, literal(value)));
    labels.put("namespace", provider.name().namespace());
    labels.put("provider", provider.name().name());
    return rules(
        RuleReport.ruleOf(provider.name()),
        Optional.of(new AlertRules.Owner(provider.name().name(), provider.uid())),
        ProviderAlerts.of(provider, sole),
        labels,
        policy);
  }

  /** A text that Prometheus, which reads label values as templates, takes as it is. */
  private static String literal(String text) {
    return text.replace("{{", "{{\"{{\"}}");
  }

  private static Optional<AlertRules> routes(
      String namespace, List<RouteConfig> routes, AlertPolicy policy) {
    List<String> drained =
        routes.stream()
            .filter(route -> route.mode() == Mode.DRAINED)
            .map(route -> route.name().name())
            .toList();
    if (drained.size() == routes.size()) {
      return Optional.empty();
    }
    return Optional.of(
        rules(
            RuleReport.ruleOfRoutes(namespace),
            Optional.empty(),
            RouteAlerts.of(namespace, drained),
            new TreeMap<>(Map.of("namespace", namespace)),
            policy));
  }

  private static AlertRules rules(
      ObjectName name,
      Optional<AlertRules.Owner> owner,
      List<Alert> alerts,
      SortedMap<String, String> labels,
      AlertPolicy policy) {
    SortedMap<String, String> ruleLabels = new TreeMap<>(policy.additionalLabels());
    ruleLabels.put("app.kubernetes.io/managed-by", "changeover");
    List<AlertRules.Rule> wanted =
        alerts.stream()
            .filter(alert -> !policy.disabled().contains(alert.name()))
            .map(alert -> rule(alert, labels, policy))
            .toList();
    return new AlertRules(
        name, owner, ruleLabels, List.of(new AlertRules.Group(name.name(), wanted)));
  }

  private static AlertRules.Rule rule(
      Alert alert, SortedMap<String, String> common, AlertPolicy policy) {
    SortedMap<String, String> labels = new TreeMap<>(common);
    labels.put("severity", alert.severity().word());
    SortedMap<String, String> annotations = new TreeMap<>();
    annotations.put("summary", alert.summary());
    annotations.put("description", alert.description());
    policy.runbookUrl().ifPresent(url -> annotations.put("runbook_url", url + "/" + alert.name()));
    return new AlertRules.Rule(
        alert.name(),
        alert.expression(),
        alert.duration(),
        alert.keepFiringFor(),
        labels,
        annotations);
  }

  /** Providers that some route depends on alone. */
  private static Set<ObjectName> soleProviders(FleetModel model) {
    Set<ObjectName> sole = new HashSet<>();
    for (RouteConfig route : model.routes().values()) {
      Set<ObjectName> usable =
          route.targets().stream()
              .filter(TargetConfig.Usable.class::isInstance)
              .map(TargetConfig::provider)
              .filter(name -> model.provider(name).filter(p -> p.mode() == Mode.ACTIVE).isPresent())
              .collect(Collectors.toSet());
      if (route.mode() == Mode.ACTIVE && usable.size() == 1) {
        sole.addAll(usable);
      }
    }
    return sole;
  }
}
