package dev.changeover.gateway.meter;

import dev.changeover.contract.ChannelMessage;
import dev.changeover.contract.FleetConfig;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.RouteConfig;
import dev.changeover.contract.RouteFigures;
import dev.changeover.contract.TargetConfig;
import dev.changeover.contract.TargetFigures;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;

/** The last five minutes' counts of each target and route; safe to use from any thread. */
public final class FigureBook {
  /** The targets and routes that have counts; more are not counted. */
  static final int PAGES_MAX = 20_000;

  private record Target(ObjectName provider, String model) {
    static final Comparator<Target> ORDER =
        Comparator.comparing(Target::provider).thenComparing(Target::model);
  }

  private final InstantSource clock;
  private final ConcurrentMap<Target, TargetPage> targets = new ConcurrentHashMap<>();
  private final ConcurrentMap<ObjectName, RoutePage> routes = new ConcurrentHashMap<>();

  public FigureBook(InstantSource clock) {
    this.clock = clock;
  }

  public void record(AttemptFacts attempt) {
    Target target = new Target(attempt.provider(), attempt.model());
    if (targets.size() < PAGES_MAX || targets.containsKey(target)) {
      targets.computeIfAbsent(target, _ -> new TargetPage()).record(attempt, clock.instant());
    }
  }

  public void record(RequestFacts request) {
    if (routes.size() < PAGES_MAX || routes.containsKey(request.route())) {
      routes
          .computeIfAbsent(request.route(), _ -> new RoutePage())
          .record(request, clock.instant());
    }
  }

  /** The figures at a time, sorted by name. */
  public ChannelMessage.Figures figures(Instant now) {
    List<TargetFigures> ofTargets =
        targets.entrySet().stream()
            .sorted(Map.Entry.comparingByKey(Target.ORDER))
            .map(entry ->
                entry.getValue().figures(entry.getKey().provider(), entry.getKey().model(), now))
            .toList();
    List<RouteFigures> ofRoutes =
        routes.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(entry -> entry.getValue().figures(entry.getKey(), now))
            .toList();
    return new ChannelMessage.Figures(ofTargets, ofRoutes);
  }

  /** Forgets the targets and routes that the configuration no longer has. */
  public void keep(FleetConfig config) {
    Set<Target> known =
        config.routes().stream()
            .flatMap(route -> route.targets().stream())
            .map(FigureBook::target)
            .collect(Collectors.toSet());
    targets.keySet().retainAll(known);
    routes
        .keySet()
        .retainAll(config.routes().stream().map(RouteConfig::name).collect(Collectors.toSet()));
  }

  private static Target target(TargetConfig target) {
    return new Target(target.provider(), target.model());
  }
}
