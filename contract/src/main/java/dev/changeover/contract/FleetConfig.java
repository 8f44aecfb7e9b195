package dev.changeover.contract;

import java.util.Comparator;
import java.util.List;

/**
 * Everything that the gateways of a fleet need to know but keys and holds. Sorted by name and free
 * of times, so that equal fleets are equal bytes.
 *
 * @param defaultNamespace where a caller without identity is looked up
 */
public record FleetConfig(
    ContractVersion contract,
    String defaultNamespace,
    List<ProviderConfig> providers,
    List<RouteConfig> routes) {
  public FleetConfig {
    providers = providers.stream().sorted(Comparator.comparing(ProviderConfig::name)).toList();
    routes = routes.stream().sorted(Comparator.comparing(RouteConfig::name)).toList();
  }

  public static FleetConfig empty(String defaultNamespace) {
    return new FleetConfig(ContractVersion.CURRENT, defaultNamespace, List.of(), List.of());
  }
}
