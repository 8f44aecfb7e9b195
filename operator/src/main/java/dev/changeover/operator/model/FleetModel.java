package dev.changeover.operator.model;

import dev.changeover.contract.ObjectName;
import dev.changeover.contract.RouteConfig;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the resources mean together: the providers that can be called, and every route that owns its
 * model names. A route's target that cannot be called stands in it as Unusable.
 *
 * @param defaultNamespace where a caller without identity is looked up
 */
public record FleetModel(
    String defaultNamespace,
    SortedMap<ObjectName, ProviderModel> providers,
    SortedMap<ObjectName, RouteConfig> routes) {
  public FleetModel {
    providers = Collections.unmodifiableSortedMap(new TreeMap<>(providers));
    routes = Collections.unmodifiableSortedMap(new TreeMap<>(routes));
  }

  /** A model of what came in any order. */
  public static FleetModel of(
      String defaultNamespace,
      Collection<ProviderModel> providers,
      Collection<RouteConfig> routes) {
    TreeMap<ObjectName, ProviderModel> providersByName = new TreeMap<>();
    providers.forEach(provider -> providersByName.put(provider.name(), provider));
    TreeMap<ObjectName, RouteConfig> routesByName = new TreeMap<>();
    routes.forEach(route -> routesByName.put(route.name(), route));
    return new FleetModel(defaultNamespace, providersByName, routesByName);
  }

  public Optional<ProviderModel> provider(ObjectName name) {
    return Optional.ofNullable(providers.get(name));
  }

  public Optional<RouteConfig> route(ObjectName name) {
    return Optional.ofNullable(routes.get(name));
  }
}
