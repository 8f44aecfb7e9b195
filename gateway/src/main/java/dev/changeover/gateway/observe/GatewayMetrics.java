package dev.changeover.gateway.observe;

import dev.changeover.contract.FleetConfig;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.ProviderConfig;
import dev.changeover.contract.RouteConfig;
import dev.changeover.contract.TargetConfig;
import dev.changeover.gateway.attempt.AttemptListener;
import dev.changeover.gateway.attempt.AttemptRecord;
import dev.changeover.gateway.attempt.Ending;
import dev.changeover.gateway.attempt.RunRecord;
import dev.changeover.gateway.dialect.Usage;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** One gateway's metrics, by their public names, in a registry of its own. */
public final class GatewayMetrics implements AttemptListener, AutoCloseable {
  /** Routes with histograms of their own; those beyond share one. */
  private static final int ROUTES_WITH_HISTOGRAMS_MAX = 500;

  /** What stands for everything that no configuration names. */
  private static final String OTHER = "other";

  /** What stands for a route in what probes cost. */
  private static final String PROBES = "(probe)";

  private static final String NAMESPACE_OF_ROUTE = "route_namespace";
  private static final String ROUTE = "route";
  private static final ObjectName OTHER_ROUTE = new ObjectName(OTHER, OTHER);

  private final PrometheusMeterRegistry registry;
  private final Standing standing;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final MultiGauge holds;
  private final Map<String, Timer> overhead = new ConcurrentHashMap<>();
  private final Map<Tags, Counter> answered = new ConcurrentHashMap<>();
  private final Map<Tags, Counter> failovers = new ConcurrentHashMap<>();
  private final Map<Tags, Counter> unclassified = new ConcurrentHashMap<>();
  private final Map<String, Counter> shed = new ConcurrentHashMap<>();
  private final Map<Tags, Counter> broken = new ConcurrentHashMap<>();
  private final Map<Tags, Timer> timers = new ConcurrentHashMap<>();
  private volatile Map<TargetMeters.Key, TargetMeters> targets = Map.of();
  private volatile Set<ObjectName> timedRoutes = Set.of();
  private volatile Map<ObjectName, List<Meter>> routeGauges = Map.of();
  private volatile Map<ObjectName, Meter> providerGauges = Map.of();

  /**
   * @param confirmed when the configuration was last called current, where anybody does
   */
  public GatewayMetrics(String version, Standing standing, Supplier<Optional<Instant>> confirmed) {
    this.standing = standing;
    var prometheus = new PrometheusRegistry();
    registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, prometheus, Clock.SYSTEM);
    Info.builder()
        .name("changeover_build_info")
        .help("Always 1")
        .labelNames("component", "version")
        .register(prometheus)
        .addLabelValues("gateway", version);
    Gauge.builder("llm.requests.in.flight", inFlight, AtomicInteger::get)
        .description("Requests being served")
        .register(registry);
    Gauge.builder(
            "changeover.config.confirmed.timestamp",
            () -> confirmed.get().map(GatewayMetrics::seconds).orElse(0.0))
        .description("When the leader last called this configuration current")
        .baseUnit("seconds")
        .register(registry);
    holds =
        MultiGauge.builder("llm.provider.holds")
            .description("Holds in force here, own and fleet-wide")
            .register(registry);
    for (String cause : List.of("in_flight", "draining")) {
      shed(cause);
    }
  }

  /** Takes over the providers and targets that there are now. */
  public synchronized void configured(FleetConfig config) {
    Map<TargetMeters.Key, TargetMeters> next = new HashMap<>();
    Set<ObjectName> timed = new HashSet<>();
    for (RouteConfig route : config.routes()) {
      if (timed.size() < ROUTES_WITH_HISTOGRAMS_MAX) {
        timed.add(route.name());
      }
      for (TargetConfig target : route.targets()) {
        if (target instanceof TargetConfig.Usable usable) {
          var key = key(route, usable);
          TargetMeters known = targets.get(key);
          next.put(key, known != null ? known : new TargetMeters(registry, key));
        }
      }
    }
    targets.forEach((key, meters) -> {
      if (!next.containsKey(key)) {
        meters.own().forEach(registry::remove);
      }
    });
    targets = Map.copyOf(next);
    timedRoutes = Set.copyOf(timed);
    providerGauges = gaugesOfProviders(config.providers());
    routeGauges = gaugesOfRoutes(config.routes());
  }

  @Override
  public void attemptEnded(RouteConfig route, AttemptRecord attempt) {
    TargetMeters.Key key = key(route, attempt.target());
    TargetMeters meters = targets.get(key);
    // A request that outlives its configuration is still counted, under the names it was read with.
    (meters != null ? meters : new TargetMeters(registry, key)).ended(attempt);
    attempt
        .failure()
        .filter(why -> why.unclassified())
        .ifPresent(why -> unclassified(attempt.target().provider(), why.evidence().status()));
  }

  /** A probe was answered: its tokens count, and it is no request. */
  public void probed(ObjectName provider, String model, Usage usage) {
    Tags tags =
        tagsOfProvider(provider).and("model", model).and(NAMESPACE_OF_ROUTE, "", ROUTE, PROBES);
    TokenTypes.of(usage)
        .forEach((type, number) ->
            Counter.builder(TokenTypes.METER)
                .description(TokenTypes.HELP)
                .tags(tags.and("type", type))
                .register(registry)
                .increment((double) number));
  }

  /** A request has come. */
  public void began() {
    inFlight.incrementAndGet();
  }

  /** A request is over. */
  public void finished(RequestRecord request) {
    inFlight.decrementAndGet();
    ObjectName route = request.route().orElse(OTHER_ROUTE);
    answered(request, route).increment();
    overhead(request.dialect()).record(request.overhead());
    ObjectName timed = timedRoutes.contains(route) ? route : OTHER_ROUTE;
    timer(
            "llm.gateway.request.duration",
            "Time from a request's start to its answer's end",
            Buckets.ANSWERS,
            tags(timed).and("stream", Boolean.toString(request.streamed())))
        .record(request.took());
    request.run().ifPresent(run -> ran(run, timed));
  }

  /** A request was turned away for lack of capacity. */
  public void shed(ShedCause cause) {
    shed(cause.word()).increment();
  }

  /** Why a request is turned away. */
  public enum ShedCause {
    IN_FLIGHT("in_flight"),
    DRAINING("draining");

    private final String word;

    ShedCause(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /** The metrics as Prometheus reads them. */
  public synchronized String text() {
    List<MultiGauge.Row<?>> rows =
        standing.holds().stream()
            .distinct()
            .<MultiGauge.Row<?>>map(hold ->
                MultiGauge.Row.of(
                    tagsOfProvider(hold.provider())
                        .and("credential", hold.credential())
                        .and("reason", hold.reason().word()),
                    1))
            .toList();
    holds.register(rows, true);
    return registry.scrape();
  }

  /** What {@link #text} is. */
  public static String contentType() {
    return "text/plain; version=0.0.4; charset=utf-8";
  }

  @Override
  public void close() {
    registry.close();
  }

  private void ran(RunRecord run, ObjectName timed) {
    run.firstContent()
        .ifPresent(wait ->
            timer(
                    "llm.gateway.time.to.first.token",
                    "Time from a request's start to first content",
                    Buckets.ANSWERS,
                    tags(timed))
                .record(wait));
    if (!run.notPreferred().isEmpty() && run.served().isPresent()) {
      movedTo(run, run.served().get());
    }
    run.lostToFailover()
        .ifPresent(lost ->
            timer("llm.failover.delay", "Time that failing over added", Buckets.SHORT, tags(timed))
                .record(lost));
    if (run.ending() instanceof Ending.Broken) {
      broken
          .computeIfAbsent(
              tags(run.route().name()).and("result", "Ended"),
              tags ->
                  Counter.builder("llm.streams.broken")
                      .description("Streams broken after first content: Resumed or Ended")
                      .tags(tags)
                      .register(registry))
          .increment();
    }
  }

  private void movedTo(RunRecord run, AttemptRecord served) {
    ObjectName from = run.route().targets().getFirst().provider();
    if (!run.attempts().getFirst().target().provider().equals(served.target().provider())) {
      from = run.attempts().getFirst().target().provider();
    }
    if (from.equals(served.target().provider())) {
      return;
    }
    failovers
        .computeIfAbsent(
            tags(run.route().name())
                .and(
                    "from",
                    from.toString(),
                    "to",
                    served.target().provider().toString(),
                    "reason",
                    run.notPreferred()),
            tags ->
                Counter.builder("llm.failovers")
                    .description("Requests moved to another provider")
                    .tags(tags)
                    .register(registry))
        .increment();
  }

  private Counter answered(RequestRecord request, ObjectName route) {
    Tags tags =
        tags(route)
            .and(
                "dialect",
                request.dialect(),
                "code",
                Integer.toString(request.status()),
                "fault",
                request.fault().word(),
                "reason",
                request.reason());
    return answered.computeIfAbsent(
        tags,
        all ->
            Counter.builder("llm.gateway.requests")
                .description("Requests answered; fault is none, caller or service")
                .tags(all)
                .register(registry));
  }

  private Timer overhead(String dialect) {
    return overhead.computeIfAbsent(
        dialect,
        word ->
            Timer.builder("llm.gateway.overhead")
                .description("Time spent in the gateway itself")
                .tags("dialect", word)
                .serviceLevelObjectives(Buckets.SHORT)
                .register(registry));
  }

  private Counter shed(String cause) {
    return shed.computeIfAbsent(
        cause,
        word ->
            Counter.builder("llm.gateway.shed")
                .description("Requests refused for lack of capacity")
                .tags("cause", word)
                .register(registry));
  }

  private void unclassified(ObjectName provider, int status) {
    unclassified
        .computeIfAbsent(
            tagsOfProvider(provider).and("status", Integer.toString(status)),
            tags ->
                Counter.builder("llm.unclassified.replies")
                    .description("Error replies that no classifier rule names")
                    .tags(tags)
                    .register(registry))
        .increment();
  }

  private Timer timer(String name, String description, java.time.Duration[] buckets, Tags tags) {
    return timers.computeIfAbsent(
        tags.and("__name", name),
        _ ->
            Timer.builder(name)
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(buckets)
                .register(registry));
  }

  private Map<ObjectName, Meter> gaugesOfProviders(List<ProviderConfig> providers) {
    Map<ObjectName, Meter> gauges = new HashMap<>();
    for (ProviderConfig provider : providers) {
      ObjectName name = provider.name();
      Meter known = providerGauges.get(name);
      gauges.put(
          name,
          known != null
              ? known
              : Gauge.builder("llm.provider.available", () -> standing.available(name) ? 1 : 0)
                  .description(
                      "1 while it takes requests here; after two failures in a row or a definite"
                          + " hold 0 until a success")
                  .tags(tagsOfProvider(name))
                  .register(registry));
    }
    providerGauges.forEach((name, meter) -> {
      if (!gauges.containsKey(name)) {
        registry.remove(meter);
      }
    });
    return Map.copyOf(gauges);
  }

  /** A route's gauges know its targets, so a changed configuration makes them anew. */
  private Map<ObjectName, List<Meter>> gaugesOfRoutes(List<RouteConfig> routes) {
    routeGauges.values().forEach(meters -> meters.forEach(registry::remove));
    Map<ObjectName, List<Meter>> gauges = new HashMap<>();
    for (RouteConfig route : routes) {
      Gauge failedOver =
          Gauge.builder("llm.route.failed.over", () -> standing.route(route).failedOver() ? 1 : 0)
              .description("1 while the preferred target is not first in line")
              .tags(tags(route.name()))
              .register(registry);
      Gauge available =
          Gauge.builder(
                  "llm.route.targets.available", () -> standing.route(route).targetsAvailable())
              .description("Targets that admit, last resort included")
              .tags(tags(route.name()))
              .register(registry);
      gauges.put(route.name(), List.of(failedOver, available));
    }
    return Map.copyOf(gauges);
  }

  private static TargetMeters.Key key(RouteConfig route, TargetConfig.Usable target) {
    return new TargetMeters.Key(route.name(), target.provider(), target.model());
  }

  private static Tags tags(ObjectName route) {
    return Tags.of(NAMESPACE_OF_ROUTE, route.namespace(), ROUTE, route.name());
  }

  private static Tags tagsOfProvider(ObjectName provider) {
    return Tags.of("provider_namespace", provider.namespace(), "provider", provider.name());
  }

  private static double seconds(Instant instant) {
    return instant.toEpochMilli() / 1000.0;
  }
}
