package dev.changeover.operator.status;

import dev.changeover.contract.ObjectName;
import dev.changeover.crds.LlmProviderStatus;
import dev.changeover.crds.LlmRouteStatus;
import dev.changeover.operator.model.EventRecord;
import dev.changeover.operator.model.ProviderResource;
import dev.changeover.operator.model.RouteResource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The status of every resource, and the Events about what changed since the last pass.
 *
 * <p>The same input after this one gives equal statuses and no Events.
 */
public record Statuses(
    SortedMap<ObjectName, LlmProviderStatus> providers,
    SortedMap<ObjectName, LlmRouteStatus> routes,
    List<EventRecord> events) {
  /** What an operator knows that has said nothing yet. */
  public static final Statuses NONE = new Statuses(new TreeMap<>(), new TreeMap<>(), List.of());

  public Statuses {
    providers = Collections.unmodifiableSortedMap(new TreeMap<>(providers));
    routes = Collections.unmodifiableSortedMap(new TreeMap<>(routes));
    events = List.copyOf(events);
  }

  /**
   * How things are now.
   *
   * @param previous what the last pass said; a resource that it does not know goes on from the
   *     status that was read with it
   */
  public static Statuses of(StatusInput input, Statuses previous) {
    Pass pass = Pass.of(input);
    List<EventRecord> events = new ArrayList<>();
    TreeMap<ObjectName, LlmProviderStatus> providers = new TreeMap<>();
    for (ProviderResource resource : input.view().providers()) {
      Optional<LlmProviderStatus> before = previous.provider(resource);
      LlmProviderStatus status = ProviderStatusWriter.status(pass, resource, before);
      providers.put(resource.name(), status);
      events.addAll(ProviderEvents.between(resource.ref(), before, status));
    }
    TreeMap<ObjectName, LlmRouteStatus> routes = new TreeMap<>();
    for (RouteResource resource : input.view().routes()) {
      Optional<LlmRouteStatus> before = previous.route(resource);
      LlmRouteStatus status = RouteStatusWriter.status(pass, resource, before);
      routes.put(resource.name(), status);
      events.addAll(RouteEvents.between(pass, resource.ref(), before, status));
    }
    return new Statuses(providers, routes, RouteEvents.summed(events));
  }

  /** What was last said of a provider: a namesake that is gone does not count. */
  Optional<LlmProviderStatus> provider(ProviderResource resource) {
    return Optional.ofNullable(providers.get(resource.name()))
        .filter(status -> Times.isAfterCreation(status.since(), resource.created()))
        .or(resource::status);
  }

  /** What was last said of a route: a namesake that is gone does not count. */
  Optional<LlmRouteStatus> route(RouteResource resource) {
    return Optional.ofNullable(routes.get(resource.name()))
        .filter(status -> Times.isAfterCreation(status.since(), resource.created()))
        .or(resource::status);
  }
}
