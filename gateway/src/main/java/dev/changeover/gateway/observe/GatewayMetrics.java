package dev.changeover.gateway.observe;

import static java.util.Comparator.comparingInt;

import dev.changeover.contract.FleetConfig;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.Reason;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** One gateway's metrics, by their public names, in a registry of its own. */
public final class GatewayMetrics implements AttemptListener, AutoCloseable {
  /** Routes with histograms of their own; those beyond share one. */
  private static final int ROUTES_WITH_HISTOGRAMS_MAX = 500;

  /** Holds that are told apart; of more, only the reasons are told. */
  static final int HOLDS_MAX = 500;

  static final String AVAILABLE = "llm.provider.available";

  /** What stands for a route in what probes cost. */
  static final String PROBES = "(probe)";

  /** Series that stand from the start, and one of holds for each reason. */
  private static final int FIXED = 50;

  private static final String NAMESPACE_OF_ROUTE = "route_namespace";
  private static final String ROUTE = "route";
  private static final ObjectName OTHER_ROUTE = new ObjectName(SeriesBook.OTHER, SeriesBook.OTHER);

  private final PrometheusMeterRegistry registry;
  private final Standing standing;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final MultiGauge holds;
  private final SeriesBook series;
  private volatile Map<TargetMeters.Key, TargetMeters> targets = Map.of();
  private volatile Set<ObjectName> timedRoutes = Set.of();
  private volatile Map<ObjectName, RouteConfig> routes = Map.of();
  private volatile Configured configured = Configured.NOTHING;

  /**
   * @param confirmed when the configuration was last called current, where anybody does
   */
  public GatewayMetrics(String version, Standing standing, Supplier<Optional<Instant>> confirmed) {
    this.standing = standing;
    var prometheus = new PrometheusRegistry();
    registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, prometheus, Clock.SYSTEM);
    series = new SeriesBook(registry, FIXED + HOLDS_MAX);
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
    for (ShedCause cause : ShedCause.values()) {
      shed(cause.word());
    }
  }

  /** Takes over the providers and targets that there are now; the series of others go. */
  public synchronized void configured(FleetConfig config) {
    configured = Configured.of(config);
    routes =
        config.routes().stream()
            .collect(Collectors.toMap(RouteConfig::name, it -> it, (first, _) -> first));
    series.keep(configured::has);
    config.providers().forEach(provider -> show(provider.name()));
    Map<TargetMeters.Key, TargetMeters> next = new HashMap<>();
    Set<ObjectName> timed = new HashSet<>();
    for (RouteConfig route : config.routes()) {
      if (timed.size() < ROUTES_WITH_HISTOGRAMS_MAX) {
        timed.add(route.name());
      }
      show(route);
      for (TargetConfig target : route.targets()) {
        if (target instanceof TargetConfig.Usable usable) {
          var key = key(route, usable);
          next.put(key, new TargetMeters(series, key)); // the series go on where they were
        }
      }
    }
    targets = Map.copyOf(next);
    timedRoutes = Set.copyOf(timed);
  }

  @Override
  public void attemptEnded(RouteConfig route, AttemptRecord attempt) {
    TargetMeters.Key key = key(route, attempt.target());
    TargetMeters meters = targets.get(key);
    // A request that outlives its configuration is still counted, under the names it was read with.
    (meters != null ? meters : new TargetMeters(series, key)).ended(attempt);
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
            series
                .counter(TokenTypes.METER, TokenTypes.HELP, tags.and("type", type))
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
    series
        .timer(
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
    DRAINING("draining"),
    BODY_BYTES("body_bytes");

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
    series.keepOfNew(configured::has); // a request may have outlived what it was counted under
    holds.register(
        labelsOfHolds().stream()
            .<MultiGauge.Row<?>>map(labels -> MultiGauge.Row.of(labels, 1))
            .toList(),
        true);
    return registry
        .scrape()
        .lines()
        .filter(line -> !isOfMaximum(line))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  /** Whether a line is about the longest time that a timer has seen lately: nobody asked for it. */
  private static boolean isOfMaximum(String line) {
    int name = line.startsWith("# ") ? "# HELP ".length() : 0; // TYPE is as long
    int end = name;
    while (end < line.length() && line.charAt(end) != '{' && line.charAt(end) != ' ') {
      end++;
    }
    return line.startsWith("_max", end - "_max".length());
  }

  private Set<Tags> labelsOfHolds() {
    Set<Tags> labels = new LinkedHashSet<>();
    List<Standing.HeldFor> byWeight =
        standing.holds().stream().sorted(comparingInt(GatewayMetrics::weight)).toList();
    for (Standing.HeldFor hold : byWeight) {
      Tags all =
          tagsOfProvider(hold.provider())
              .and("credential", hold.credential())
              .and("reason", hold.reason().word());
      labels.add(
          labels.contains(all) || labels.size() < HOLDS_MAX
              ? all
              : tagsOfProvider(OTHER_ROUTE)
                  .and("credential", SeriesBook.OTHER, "reason", hold.reason().word()));
    }
    return labels;
  }

  /** What is told apart first, so that many soft holds hide no ban from its alert. */
  private static int weight(Standing.HeldFor hold) {
    if (hold.reason() == Reason.ACCOUNT_DISABLED) {
      return 0;
    }
    return switch (hold.reason().certainty()) {
      case DEFINITE -> 1;
      case SOFT -> 2;
      case NONE -> 3;
    };
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
            series
                .timer(
                    "llm.gateway.time.to.first.token",
                    "Time from a request's start to first content",
                    Buckets.ANSWERS,
                    tags(timed))
                .record(wait));
    if (!run.notPreferred().isEmpty() && run.served().isPresent()) {
      run.preferred().ifPresent(preferred -> moved(run, preferred, run.served().get()));
    }
    run.lostToFailover()
        .ifPresent(lost ->
            series
                .timer(
                    "llm.failover.delay",
                    "Time that failing over added",
                    Buckets.SHORT,
                    tags(timed))
                .record(lost));
    if (run.ending() instanceof Ending.Broken) {
      series
          .counter(
              "llm.streams.broken",
              "Streams broken after first content: Resumed or Ended",
              tags(run.route().name()).and("result", "Ended"))
          .increment();
    }
  }

  private void moved(RunRecord run, TargetConfig preferred, AttemptRecord served) {
    ObjectName from = preferred.provider();
    if (from.equals(served.target().provider())) {
      return;
    }
    Tags tags =
        tags(run.route().name())
            .and(
                "from",
                from.toString(),
                "to",
                served.target().provider().toString(),
                "reason",
                run.notPreferred());
    series.counter("llm.failovers", "Requests moved to another provider", tags).increment();
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
    return series.counter(
        "llm.gateway.requests", "Requests answered; fault is none, caller or service", tags);
  }

  private Timer overhead(String dialect) {
    return series.timer(
        "llm.gateway.overhead",
        "Time spent in the gateway itself",
        Buckets.SHORT,
        Tags.of("dialect", dialect));
  }

  private Counter shed(String cause) {
    return series.counter(
        "llm.gateway.shed", "Requests refused for lack of capacity", Tags.of("cause", cause));
  }

  private void unclassified(ObjectName provider, int status) {
    series
        .counter(
            "llm.unclassified.replies",
            "Error replies that no classifier rule names",
            tagsOfProvider(provider).and("status", Integer.toString(status)))
        .increment();
  }

  private void show(ObjectName provider) {
    series.gauge(
        AVAILABLE,
        "1 while it takes requests here; after two failures in a row or a definite hold 0 until a"
            + " success",
        tagsOfProvider(provider),
        () -> standing.available(provider) ? 1 : 0);
  }

  private void show(RouteConfig route) {
    ObjectName name = route.name();
    series.gauge(
        "llm.route.failed.over",
        "1 while the preferred target is not first in line",
        tags(name),
        () -> standing(name).filter(Standing.RouteStanding::failedOver).isPresent() ? 1 : 0);
    series.gauge(
        "llm.route.targets.available",
        "Targets that admit, last resort included",
        tags(name),
        () -> standing(name).map(Standing.RouteStanding::targetsAvailable).orElse(0));
  }

  /** How a route stands, as it is configured now. */
  private Optional<Standing.RouteStanding> standing(ObjectName route) {
    return Optional.ofNullable(routes.get(route)).map(standing::route);
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
