package dev.changeover.operator.status;

import dev.changeover.contract.RouteConfig;
import dev.changeover.contract.TargetConfig;
import dev.changeover.crds.LlmRouteStatus;
import dev.changeover.operator.model.EventRecord;
import dev.changeover.operator.model.ResourceRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/** What is told about one route when its status changes. */
final class RouteEvents {
  /** More Events of one kind about one provider are told as one. */
  static final int ALIKE_MAX = 20;

  private RouteEvents() {}

  static List<EventRecord> between(
      Pass pass, ResourceRef route, Optional<LlmRouteStatus> before, LlmRouteStatus after) {
    List<EventRecord> events = new ArrayList<>(stateEvents(pass, route, before, after));
    events.addAll(
        ProviderEvents.problems(
            route, before.map(LlmRouteStatus::conditions).orElse(List.of()), after.conditions()));
    return events;
  }

  private static List<EventRecord> stateEvents(
      Pass pass, ResourceRef route, Optional<LlmRouteStatus> before, LlmRouteStatus after) {
    Optional<RouteState> from = before.flatMap(status -> RouteState.ofWord(status.state()));
    RouteState to = RouteState.ofWord(after.state()).orElse(RouteState.UNKNOWN);
    if (from.equals(Optional.of(to))) {
      return List.of();
    }
    String note = Sentences.withoutEnd(Objects.requireNonNullElse(after.message(), ""));
    Optional<ResourceRef> cause = cause(pass, route, after);
    List<EventRecord> events = new ArrayList<>();
    if (from.equals(Optional.of(RouteState.EXHAUSTED)) && to.isEvidence()) {
      events.add(normal(route, "RouteRecovered", "It is served by " + after.serving() + "."));
    }
    switch (to) {
      case FAILED_OVER ->
          events.add(
              new EventRecord(
                  route,
                  EventRecord.Type.WARNING,
                  "FailedOver",
                  "Served by %s. %s".formatted(after.serving(), note),
                  cause));
      case EXHAUSTED ->
          events.add(
              new EventRecord(route, EventRecord.Type.WARNING, "RouteExhausted", note, cause));
      case AVAILABLE -> {
        if (wasFailedOver(before)) {
          events.add(normal(route, "FailedBack", "Served by " + after.serving() + " again."));
        }
      }
      case DRAINED -> events.add(normal(route, "RouteDrained", note));
      case DEGRADED, FAILING_BACK, INVALID, UNKNOWN -> {} // told by its providers or conditions
    }
    return events;
  }

  /** Whether the route came from failed over, be it through failing back. */
  private static boolean wasFailedOver(Optional<LlmRouteStatus> before) {
    if (before.isEmpty()) {
      return false;
    }
    Optional<RouteState> from = RouteState.ofWord(before.get().state());
    boolean failingBack =
        from.equals(Optional.of(RouteState.FAILING_BACK))
            && before.get().transitions().stream()
                .findFirst()
                .filter(last -> RouteState.FAILED_OVER.word().equals(last.from()))
                .isPresent();
    return failingBack || from.equals(Optional.of(RouteState.FAILED_OVER));
  }

  /** The provider of the first target that is out. */
  private static Optional<ResourceRef> cause(Pass pass, ResourceRef route, LlmRouteStatus status) {
    List<TargetConfig> targets =
        pass.model().route(route.name()).map(RouteConfig::targets).orElse(List.of());
    return IntStream.range(0, Math.min(targets.size(), status.targets().size()))
        .filter(index -> !status.targets().get(index).state().equals("Available"))
        .mapToObj(index -> ResourceRef.provider(targets.get(index).provider()))
        .findFirst();
  }

  /** The same Events, but more than twenty alike about one provider as one about the provider. */
  static List<EventRecord> summed(List<EventRecord> events) {
    record Alike(String reason, ResourceRef cause) {}
    Map<Alike, Integer> counts = new LinkedHashMap<>();
    for (EventRecord event : events) {
      event
          .related()
          .ifPresent(cause -> counts.merge(new Alike(event.reason(), cause), 1, Integer::sum));
    }
    List<EventRecord> told = new ArrayList<>();
    for (EventRecord event : events) {
      boolean one =
          event
              .related()
              .filter(cause -> counts.getOrDefault(new Alike(event.reason(), cause), 0) > ALIKE_MAX)
              .isEmpty();
      if (one) {
        told.add(event);
      }
    }
    counts.forEach((alike, count) -> {
      if (count > ALIKE_MAX) {
        told.add(
            new EventRecord(
                alike.cause(),
                EventRecord.Type.WARNING,
                alike.reason(),
                "%d routes are concerned.".formatted(count),
                Optional.empty()));
      }
    });
    return List.copyOf(told);
  }

  private static EventRecord normal(ResourceRef route, String reason, String note) {
    return new EventRecord(route, EventRecord.Type.NORMAL, reason, note, Optional.empty());
  }
}
