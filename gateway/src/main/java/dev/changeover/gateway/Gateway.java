package dev.changeover.gateway;

import dev.changeover.gateway.attempt.AttemptListener;
import dev.changeover.gateway.attempt.AttemptRunner;
import dev.changeover.gateway.attempt.ProbeRunner;
import dev.changeover.gateway.channel.ChannelKeys;
import dev.changeover.gateway.channel.FleetLink;
import dev.changeover.gateway.config.ConfigFolder;
import dev.changeover.gateway.config.ConfigStore;
import dev.changeover.gateway.config.LastGoodCopy;
import dev.changeover.gateway.health.HealthBoard;
import dev.changeover.gateway.http.ApiServer;
import dev.changeover.gateway.http.SideServer;
import dev.changeover.gateway.meter.FigureBook;
import dev.changeover.gateway.observe.GatewayMetrics;
import dev.changeover.gateway.observe.LogKeys;
import dev.changeover.gateway.observe.RequestLog;
import dev.changeover.gateway.observe.RequestRecord;
import dev.changeover.gateway.plan.TargetOrder;
import dev.changeover.gateway.upstream.Upstream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One gateway, put together in the order of the picture; several live in one process. */
public final class Gateway implements AutoCloseable {
  /** After so long a gateway serves without having heard the fleet's holds. */
  static final Duration HOLDS_WAIT_MAX = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

  /**
   * What a gateway is told.
   *
   * @param name its name among the fleet's gateways
   * @param api where callers reach it; port 0 takes any free one
   * @param side where metrics and health are; none for a process that shows them elsewhere
   * @param folder the folder that its configuration is read from, where there is one
   * @param operators the operators to dial; while none is there it probes by itself
   * @param propagation how long it serves on after it was told to stop
   * @param streams how long streams in flight may take to end after that
   * @param version of the program
   * @param keys what the operators ask of it
   * @param lastGood a folder of its own for its last good configuration, where there is one
   */
  public record Settings(
      String name,
      ApiServer.Listen api,
      Optional<ApiServer.Listen> side,
      Optional<Path> folder,
      List<URI> operators,
      Duration propagation,
      Duration streams,
      String version,
      ChannelKeys keys,
      Optional<Path> lastGood) {
    public Settings {
      operators = List.copyOf(operators);
    }

    /** A gateway whose operators are on this machine, and that remembers nothing. */
    public Settings(
        String name,
        ApiServer.Listen api,
        Optional<ApiServer.Listen> side,
        Optional<Path> folder,
        List<URI> operators,
        Duration propagation,
        Duration streams,
        String version) {
      this(
          name,
          api,
          side,
          folder,
          operators,
          propagation,
          streams,
          version,
          ChannelKeys.NONE,
          Optional.empty());
    }
  }

  /** Time and chance; the generator must be safe to use from any thread. */
  public record Surroundings(InstantSource clock, LongSupplier nanoClock, RandomGenerator random) {}

  private final Settings settings;
  private final InstantSource clock;
  private final ConfigStore config = new ConfigStore();
  private final HealthBoard health;
  private final FigureBook figures;
  private final GatewayMetrics metrics;
  private final RequestLog log = new RequestLog();
  private final Upstream upstream;
  private final ProbeRunner probes;
  private final ChannelSide channel;
  private final FleetLink link;
  private final ApiServer api;
  private final Optional<SideServer> side;
  private final Optional<ConfigFolder> folder;
  private final Optional<LastGoodCopy> lastGood;
  private final CountDownLatch draining = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Instant started;

  private Gateway(Settings settings, Surroundings with, AttemptListener observer) {
    this.settings = settings;
    clock = with.clock();
    started = clock.instant();
    // configuration
    health = new HealthBoard(clock, with.random());
    folder = settings.folder().map(path -> new ConfigFolder(path, config, health::joinFleet));
    lastGood =
        settings
            .lastGood()
            .map(path -> new LastGoodCopy(path, config, health::fleetHolds, health::joinFleet));
    // attempts
    figures = new FigureBook(clock);
    var keeping = new FigureKeeping(figures);
    upstream = new Upstream(with.nanoClock());
    var standing = new BoardStanding(config, health, clock);
    metrics = new GatewayMetrics(settings.version(), standing, this::confirmed);
    probes = new ProbeRunner(config::current, upstream, health, metrics::probed, clock);
    channel = new ChannelSide(settings.name(), config, health, figures, probes, clock);
    link =
        new FleetLink(
            settings.operators(), settings.keys(), channel, clock, with.nanoClock(), with.random());
    var order = new TargetOrder(with.random());
    var runner =
        new AttemptRunner(
            order, health, upstream, metrics.and(keeping).and(observer), clock, with.nanoClock());
    // http
    api =
        new ApiServer(
            config,
            runner,
            metrics,
            request -> finished(request, keeping),
            clock,
            with.nanoClock(),
            () -> requestId(with.random()),
            settings.api());
    side =
        settings
            .side()
            .map(listen ->
                new SideServer(
                    listen, this::ready, this::metricsText, GatewayMetrics.contentType()));
    // what follows from a new configuration, and from new holds
    follow(order);
    health.onFleetHoldsChanged(_ -> {
      link.fleetHoldsChanged();
      lastGood.ifPresent(LastGoodCopy::holdsChanged);
    });
    health.onOwnHoldsChanged(_ -> link.ownHoldsChanged());
  }

  /** A gateway that serves. Throws an IOException that says what to do when a port is taken. */
  public static Gateway start(Settings settings, Surroundings with) throws IOException {
    return start(settings, with, (_, _) -> {});
  }

  /** The same, with somebody who is told of each attempt. */
  public static Gateway start(Settings settings, Surroundings with, AttemptListener observer)
      throws IOException {
    var gateway = new Gateway(settings, with, observer);
    try {
      gateway.begin();
      return gateway;
    } catch (IOException | RuntimeException e) {
      gateway.close();
      throw e;
    }
  }

  private void begin() throws IOException {
    api.start();
    if (side.isPresent()) {
      side.get().start();
    }
    lastGood.ifPresent(LastGoodCopy::start);
    folder.ifPresent(ConfigFolder::start);
    link.start();
    probes.start(link::alone);
    LOG.atInfo()
        .addKeyValue(LogKeys.GATEWAY, settings.name())
        .addKeyValue(LogKeys.PORT, port())
        .log("gateway started");
  }

  /** The version of this program; {@code dev} where it does not run from its jar. */
  public static String version() {
    return Optional.ofNullable(Gateway.class.getPackage().getImplementationVersion()).orElse("dev");
  }

  /** The port that callers use. */
  public int port() {
    return api.port();
  }

  /** The port of metrics and health, where there is one. */
  public Optional<Integer> sidePort() {
    return side.map(SideServer::port);
  }

  public ConfigStore config() {
    return config;
  }

  public HealthBoard health() {
    return health;
  }

  /** The metrics as Prometheus reads them. */
  public String metricsText() {
    return metrics.text();
  }

  /** Whether requests should be sent here. */
  public boolean ready() {
    boolean holdsKnown =
        settings.operators().isEmpty()
            || link.holdsHeard()
            || clock.instant().isAfter(started.plus(HOLDS_WAIT_MAX));
    return config.hasConfig() && holdsKnown && draining.getCount() > 0;
  }

  /**
   * Stops well: first no longer ready but serving, each answer being the last on its connection;
   * then closed to new connections until what is under way has ended, within bounds; then closed.
   */
  public void drain() {
    draining.countDown();
    api.leave();
    LOG.atInfo().addKeyValue(LogKeys.GATEWAY, settings.name()).log("gateway draining");
    try {
      // A close from elsewhere ends this wait.
      var _ = closed.await(settings.propagation().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    boolean quiet = api.drain(settings.streams());
    LOG.atInfo()
        .addKeyValue(LogKeys.GATEWAY, settings.name())
        .log(quiet ? "gateway drained" : "gateway stops with requests under way");
    close();
  }

  /** Stops at once. */
  @Override
  public void close() {
    draining.countDown();
    closed.countDown();
    link.close();
    folder.ifPresent(ConfigFolder::close);
    lastGood.ifPresent(LastGoodCopy::close);
    probes.close();
    api.close();
    side.ifPresent(SideServer::close);
    upstream.close();
    metrics.close();
  }

  private void finished(RequestRecord request, FigureKeeping keeping) {
    metrics.finished(request);
    keeping.requestEnded(request);
    log.finished(request);
  }

  /** Each follows a new configuration by itself, so that none is kept from it by another. */
  private void follow(TargetOrder order) {
    config.onChange(table -> health.configured(table.config()));
    config.onChange(table -> figures.keep(table.config()));
    config.onChange(table -> metrics.configured(table.config()));
    config.onChange(table ->
        order.keep(
            table.config().routes().stream()
                .map(route -> route.name())
                .collect(Collectors.toSet())));
    config.onChange(table -> upstream.serve(table.config().providers()));
    config.onChange(table ->
        LOG.atInfo()
            .addKeyValue(LogKeys.GATEWAY, settings.name())
            .addKeyValue(LogKeys.REVISION, table.revision().toString())
            .log("configuration applied"));
  }

  /** Without an operator there is nobody to be behind of. */
  private Optional<Instant> confirmed() {
    return settings.operators().isEmpty() ? Optional.of(clock.instant()) : channel.confirmed();
  }

  private static String requestId(RandomGenerator random) {
    byte[] bytes = new byte[12];
    random.nextBytes(bytes);
    return "req_" + HexFormat.of().formatHex(bytes);
  }
}
