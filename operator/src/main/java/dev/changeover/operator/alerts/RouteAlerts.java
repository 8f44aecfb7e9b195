package dev.changeover.operator.alerts;

import dev.changeover.operator.alerts.Alert.Severity;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** The alerts of all routes of one namespace. */
final class RouteAlerts {
  private RouteAlerts() {}

  static List<Alert> of(String namespace, Collection<String> drained) {
    String s = Selectors.routes(namespace, drained);
    return List.of(
        new Alert(
            "LLMRouteExhausted",
            "max by (route) (llm_route_targets_available{%s}) == 0".formatted(s),
            Duration.ofMinutes(1),
            Duration.ZERO,
            Severity.CRITICAL,
            "Route %s/{{ $labels.route }} has no target left".formatted(namespace),
            "Its callers get errors. The route's status says what holds each of its targets."),
        new Alert(
            "LLMRouteFailedOver",
            "max by (route) (llm_route_failed_over{%s}) == 1".formatted(s),
            Duration.ofMinutes(30),
            Duration.ZERO,
            Severity.INFO,
            "Route %s/{{ $labels.route }} is not served by its preferred target"
                .formatted(namespace),
            "Its callers are answered by another target, which may cost more or answer otherwise."
                + " The route's status says why."));
  }
}
