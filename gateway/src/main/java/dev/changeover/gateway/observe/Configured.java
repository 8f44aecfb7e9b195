package dev.changeover.gateway.observe;

import dev.changeover.contract.FleetConfig;
import dev.changeover.contract.ProviderConfig;
import dev.changeover.contract.RouteConfig;
import dev.changeover.contract.TargetConfig;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The names that a configuration gives, as labels write them; meters of other names are of removed
 * objects.
 *
 * @param named providers that are there, and those that are missing where a target names them
 * @param models with the provider's name before them
 */
record Configured(
    Set<String> providers, Set<String> named, Set<String> models, Set<String> routes) {
  static final Configured NOTHING = new Configured(Set.of(), Set.of(), Set.of(), Set.of());

  private static final String NO_ONE = SeriesBook.OTHER + "/" + SeriesBook.OTHER;

  static Configured of(FleetConfig config) {
    Set<String> providers = new HashSet<>();
    Set<String> models = new HashSet<>();
    for (ProviderConfig provider : config.providers()) {
      providers.add(provider.name().toString());
      provider.models().forEach(facts -> models.add(provider.name() + " " + facts.name()));
    }
    Set<String> named = new HashSet<>(providers);
    Set<String> routes = new HashSet<>();
    for (RouteConfig route : config.routes()) {
      routes.add(route.name().toString());
      for (TargetConfig target : route.targets()) {
        named.add(target.provider().toString());
        models.add(target.provider() + " " + target.model());
      }
    }
    return new Configured(providers, named, models, routes);
  }

  /** Whether a meter is about what there is, or about no one thing. */
  boolean has(String meter, Map<String, String> labels) {
    if (labels.containsKey("route") && !hasRoute(labels)) {
      return false;
    }
    if (labels.containsKey("from")) {
      return isNamed(labels.getOrDefault("from", "")) && isNamed(labels.getOrDefault("to", ""));
    }
    if (!labels.containsKey("provider")) {
      return true;
    }
    String provider = labels.get("provider_namespace") + "/" + labels.get("provider");
    if (meter.equals(GatewayMetrics.AVAILABLE)) {
      return providers.contains(provider);
    }
    return isNamed(provider)
        && (!labels.containsKey("model")
            || provider.equals(NO_ONE)
            || models.contains(provider + " " + labels.get("model")));
  }

  private boolean hasRoute(Map<String, String> labels) {
    String route = labels.get("route_namespace") + "/" + labels.get("route");
    return routes.contains(route)
        || route.equals(NO_ONE)
        || GatewayMetrics.PROBES.equals(labels.get("route"));
  }

  private boolean isNamed(String provider) {
    return named.contains(provider) || provider.equals(NO_ONE) || provider.equals(SeriesBook.OTHER);
  }
}
