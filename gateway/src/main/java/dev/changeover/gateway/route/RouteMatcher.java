package dev.changeover.gateway.route;

import dev.changeover.contract.Mode;
import dev.changeover.contract.RouteConfig;
import dev.changeover.gateway.config.RoutingTable;
import java.util.List;

/** Finds routes by the names that callers ask for. */
public final class RouteMatcher {
  private RouteMatcher() {}

  public static RouteMatch match(RoutingTable table, String namespace, String model) {
    return table
        .route(namespace, model)
        .map(RouteMatcher::serving)
        .orElseGet(() -> new RouteMatch.UnknownModel(model));
  }

  private static RouteMatch serving(RouteConfig route) {
    return switch (route.mode()) {
      case ACTIVE -> new RouteMatch.Matched(route);
      case DRAINED -> new RouteMatch.Drained(route);
    };
  }

  /** The names that can be asked for in a namespace, sorted; a prefix is no name. */
  public static List<String> models(RoutingTable table, String namespace) {
    return table.routes(namespace).stream()
        .filter(route -> route.mode() == Mode.ACTIVE)
        .flatMap(route -> route.models().stream())
        .filter(model -> !model.endsWith("*"))
        .distinct()
        .sorted()
        .toList();
  }
}
