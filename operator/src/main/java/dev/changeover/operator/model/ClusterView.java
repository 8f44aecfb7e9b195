package dev.changeover.operator.model;

import dev.changeover.contract.ObjectName;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything that was read of the cluster, at one time and in one order, whatever order it came in.
 *
 * @param secrets those that a provider refers to, except those known not to exist
 * @param gateways the Ready gateways by name: a change has arrived when these have it
 */
public record ClusterView(
    List<ProviderResource> providers,
    List<RouteResource> routes,
    SortedMap<ObjectName, SecretView> secrets,
    SortedSet<String> gateways,
    MonitoringApi monitoringApi) {
  /** Whether the cluster knows PrometheusRule. */
  public enum MonitoringApi {
    PRESENT,
    ABSENT
  }

  public static final ClusterView EMPTY =
      of(List.of(), List.of(), List.of(), List.of(), MonitoringApi.ABSENT);

  public ClusterView {
    providers = providers.stream().sorted(Comparator.comparing(ProviderResource::name)).toList();
    routes = routes.stream().sorted(Comparator.comparing(RouteResource::name)).toList();
    secrets = Collections.unmodifiableSortedMap(new TreeMap<>(secrets));
    gateways = Collections.unmodifiableSortedSet(new TreeSet<>(gateways));
  }

  /** A view of what came in any order. */
  public static ClusterView of(
      Collection<ProviderResource> providers,
      Collection<RouteResource> routes,
      Collection<SecretView> secrets,
      Collection<String> gateways,
      MonitoringApi monitoringApi) {
    TreeMap<ObjectName, SecretView> byName = new TreeMap<>();
    secrets.forEach(secret -> byName.put(secret.name(), secret));
    return new ClusterView(
        List.copyOf(providers),
        List.copyOf(routes),
        byName,
        new TreeSet<>(gateways),
        monitoringApi);
  }

  /** The same as far as people wrote it: without the statuses, which are our own words. */
  public ClusterView withoutStatuses() {
    return new ClusterView(
        providers.stream().map(ProviderResource::withoutStatus).toList(),
        routes.stream().map(RouteResource::withoutStatus).toList(),
        secrets,
        gateways,
        monitoringApi);
  }

  public Optional<SecretView> secret(ObjectName name) {
    return Optional.ofNullable(secrets.get(name));
  }
}
