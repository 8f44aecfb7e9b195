package dev.changeover.gateway.config;

import dev.changeover.contract.RouteConfig;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The model names that one namespace's routes claim, exact ones and prefixes. */
final class ModelIndex {
  private record Prefix(String text, RouteConfig route) {}

  private final Map<String, RouteConfig> exact;
  private final List<Prefix> longestFirst;

  private ModelIndex(List<RouteConfig> routes) {
    Map<String, RouteConfig> names = new HashMap<>();
    Map<String, RouteConfig> prefixes = new HashMap<>();
    for (RouteConfig route : routes) {
      for (String model : route.models()) {
        // Two claims of one name are settled by the operator; here the first route has it.
        if (model.endsWith("*")) {
          prefixes.putIfAbsent(model.substring(0, model.length() - 1), route);
        } else {
          names.putIfAbsent(model, route);
        }
      }
    }
    exact = Map.copyOf(names);
    longestFirst =
        prefixes.entrySet().stream()
            .map(entry -> new Prefix(entry.getKey(), entry.getValue()))
            .sorted(Comparator.comparingInt((Prefix prefix) -> prefix.text().length()).reversed())
            .toList();
  }

  static Map<String, ModelIndex> byNamespace(List<RouteConfig> routes) {
    return routes.stream()
        .collect(
            Collectors.groupingBy(
                route -> route.name().namespace(),
                Collectors.collectingAndThen(Collectors.toList(), ModelIndex::new)));
  }

  Optional<RouteConfig> find(String model) {
    RouteConfig route = exact.get(model);
    if (route != null) {
      return Optional.of(route);
    }
    return longestFirst.stream()
        .filter(prefix -> model.startsWith(prefix.text()))
        .map(Prefix::route)
        .findFirst();
  }
}
