package dev.changeover.operator.channel;

import dev.changeover.contract.ChannelMessage;
import dev.changeover.contract.ChannelMessage.Applied;
import dev.changeover.contract.ChannelMessage.Config;
import dev.changeover.contract.ChannelMessage.Figures;
import dev.changeover.contract.ChannelMessage.Hello;
import dev.changeover.contract.ChannelMessage.Holds;
import dev.changeover.contract.ChannelMessage.OwnHolds;
import dev.changeover.contract.ChannelMessage.Ping;
import dev.changeover.contract.ChannelMessage.Rejected;
import dev.changeover.contract.ChannelMessage.Up;
import dev.changeover.contract.HoldKey;
import dev.changeover.contract.HoldSet;
import dev.changeover.contract.Revision;
import dev.changeover.operator.identity.GatewayIdentity;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.UnauthorizedResponse;
import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server that gateways dial, behind a {@link Door} where anybody could. It keeps the newest
 * configuration and the newest holds, tells both to whoever comes, and passes what it hears to one
 * listener.
 */
public final class ChannelServer implements AutoCloseable {
  public static final String PATH = "/control/v1";
  static final int GATEWAYS_MAX = 1_000;
  static final int MESSAGE_CHARS_MAX = 16 << 20;

  /** Nothing heard for so long: the gateway is dead, whatever its socket says. */
  static final Duration SILENCE_MAX = Duration.ofSeconds(4);

  static final Duration PING_PACE = Duration.ofSeconds(1);
  private static final Duration LOOK = Duration.ofMillis(250);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,253}");
  private static final String IDENTITY = "gateway-identity";
  private static final int GOING_AWAY = 1001;
  private static final int POLICY = 1008;
  private static final int TRY_AGAIN_LATER = 1013;
  private static final int THREADS_MAX = 32;
  private static final int THREADS_MIN = 4;
  private static final Logger log = LoggerFactory.getLogger(ChannelServer.class);

  private final ChannelListener listener;
  private final InstantSource clock;
  private final LongSupplier nanoClock;
  private final Listen listen;
  private final Javalin app;
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("channel-timer").factory());
  private final Map<String, GatewayLink> links = new ConcurrentHashMap<>();
  private final Map<String, GatewayLink> gateways = new ConcurrentHashMap<>();
  private final AtomicReference<Published> published = new AtomicReference<>(Published.NOTHING);
  private final AtomicReference<HoldSet> holds = new AtomicReference<>(HoldSet.EMPTY);
  private long pingedAtNanos;

  /**
   * Where gateways dial; port 0 takes a free one.
   *
   * @param door how they come in; none only where nobody else can dial
   */
  public record Listen(String host, int port, Optional<Door> door) {}

  /** A configuration and its text, written once for all gateways. */
  private record Published(Revision revision, Supplier<String> text) {
    static final Published NOTHING = new Published(Revision.NONE, () -> "");
  }

  private ChannelServer(
      Listen listen, ChannelListener listener, InstantSource clock, LongSupplier nanoClock) {
    this.listen = listen;
    this.listener = listener;
    this.clock = clock;
    this.nanoClock = nanoClock;
    this.pingedAtNanos = nanoClock.getAsLong();
    this.app = Javalin.create(this::configure);
  }

  /** A running server. */
  public static ChannelServer start(
      Listen listen, ChannelListener listener, InstantSource clock, LongSupplier nanoClock) {
    var server = new ChannelServer(listen, listener, clock, nanoClock);
    server.app.start(listen.host(), listen.port());
    server.timer.setRemoveOnCancelPolicy(true);
    var _ =
        server.timer.scheduleWithFixedDelay(
            server::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    return server;
  }

  public int port() {
    return app.port();
  }

  /** The names of the gateways that have said Hello and are still there. */
  public Set<String> gateways() {
    return new TreeSet<>(gateways.keySet());
  }

  /** Tells all gateways a configuration; an older one that still waits is forgotten. */
  public void publish(Config config) {
    Published next = new Published(config.revision(), new Written(config));
    published.set(next);
    gateways.values().forEach(link -> link.offerConfig(next.revision(), next.text()));
  }

  /** Tells all gateways what holds for certain, at once. */
  public void spread(HoldSet fleetHolds) {
    holds.set(fleetHolds);
    gateways.values().forEach(this::offerHolds);
  }

  /** Asks one gateway to probe; false if it is not there or has enough to do. */
  public boolean probe(String gateway, HoldKey key) {
    GatewayLink link = gateways.get(gateway);
    return link != null && link.offerProbe(key);
  }

  /** Says goodbye to every gateway and stops. */
  @Override
  public void close() {
    timer.shutdownNow();
    links.values().forEach(link -> link.close(GOING_AWAY, "the operator stops"));
    app.stop();
  }

  private void configure(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    var threads = new QueuedThreadPool(THREADS_MAX, THREADS_MIN);
    threads.setName("channel");
    threads.setDaemon(true);
    config.jetty.threadPool = threads;
    config.jetty.modifyWebSocketServletFactory(factory -> {
      factory.setMaxTextMessageSize(MESSAGE_CHARS_MAX);
      factory.setMaxBinaryMessageSize(1);
    });
    config.routes.ws(PATH, this::handle);
    listen.door().ifPresent(door -> keep(door, config));
  }

  /** Nobody comes in but over TLS and with a token; who it names stays with the connection. */
  private void keep(Door door, JavalinConfig config) {
    config.jetty.addConnector((server, http) -> {
      var connector =
          new ServerConnector(
              server,
              new SslConnectionFactory(door.tls(), HttpVersion.HTTP_1_1.asString()),
              new HttpConnectionFactory(http));
      connector.setHost(listen.host());
      connector.setPort(listen.port());
      return connector;
    });
    var doorman = new Door.Doorman(door, nanoClock);
    config.routes.wsBeforeUpgrade(
        PATH,
        context ->
            context.attribute(
                IDENTITY,
                doorman
                    .admit(context.header("Authorization"))
                    .orElseThrow(UnauthorizedResponse::new)));
  }

  private void handle(WsConfig ws) {
    ws.onConnect(this::connected);
    ws.onMessage(context -> said(context, context.message()));
    ws.onClose(this::closed);
    ws.onError(this::closed);
  }

  private void connected(WsContext context) {
    Optional<GatewayIdentity> identity = Optional.ofNullable(context.attribute(IDENTITY));
    var link = new GatewayLink(context.session, identity, nanoClock, this::pumpLater);
    if (links.size() >= GATEWAYS_MAX) {
      link.close(TRY_AGAIN_LATER, "too many gateways");
      return;
    }
    links.put(context.sessionId(), link);
  }

  private void pumpLater(Duration wait, Runnable pump) {
    if (!timer.isShutdown()) {
      var _ = timer.schedule(pump, wait.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void closed(WsContext context) {
    GatewayLink link = links.remove(context.sessionId());
    if (link != null && gateways.remove(link.gateway(), link)) {
      log.atInfo().addKeyValue("gateway", link.gateway()).log("gateway gone");
      listener.gone(link.gateway());
    }
  }

  private void said(WsContext context, String text) {
    GatewayLink link = links.get(context.sessionId());
    if (link == null) {
      return;
    }
    link.heard();
    Optional<Up> message = read(text);
    if (message.isPresent()) {
      obey(link, message.get());
      return;
    }
    if (link.firstGarbage()) {
      log.atWarn()
          .addKeyValue("gateway", link.gateway())
          .log("gateway sends what cannot be read; it is ignored");
    }
    if (link.gateway().isEmpty()) {
      link.close(POLICY, "the first message is Hello");
    }
  }

  private static Optional<Up> read(String text) {
    try {
      return ChannelMessage.parse(text) instanceof Up up ? Optional.of(up) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // garbage, or the words of a newer gateway: both are ignored
    }
  }

  private void obey(GatewayLink link, Up message) {
    if (message instanceof Hello hello) {
      welcome(link, hello);
      return;
    }
    if (link.gateway().isEmpty()) {
      link.close(POLICY, "the first message is Hello");
      return;
    }
    switch (message) {
      case Hello _ -> {}
      case Ping ping -> link.clockRead(ping.sentAt(), clock.instant());
      case Applied applied -> {
        link.answered(applied.revision());
        listener.heard(link.gateway(), applied);
      }
      case Rejected rejected -> {
        link.answered(rejected.revision());
        listener.heard(link.gateway(), rejected);
      }
      case Holds said -> {
        Instant now = clock.instant();
        listener.heard(
            link.gateway(), new Holds(now, link.inOurTime(said.sentAt(), now, said.holds())));
      }
      case OwnHolds said -> {
        Instant now = clock.instant();
        listener.heard(
            link.gateway(), new OwnHolds(now, link.inOurTime(said.sentAt(), now, said.holds())));
      }
      case Figures figures -> listener.heard(link.gateway(), figures);
    }
  }

  private void welcome(GatewayLink link, Hello hello) {
    if (!NAME.matcher(hello.gateway()).matches()) {
      link.close(POLICY, "a gateway's name is 1 to 253 letters, digits, dots and dashes");
      return;
    }
    if (!link.mayBe(hello.gateway())) {
      log.atWarn().addKeyValue("gateway", hello.gateway()).log("gateway's token names another pod");
      link.close(POLICY, "the token names another pod");
      return;
    }
    link.introduced(hello.gateway());
    link.serves(hello.revision());
    GatewayLink before = gateways.put(hello.gateway(), link);
    if (before != null && before != link) {
      before.close(POLICY, "a newer connection of the same name");
    }
    log.atInfo()
        .addKeyValue("gateway", hello.gateway())
        .addKeyValue("revision", hello.revision())
        .log("gateway says hello");
    listener.heard(hello.gateway(), hello);
    offerHolds(link);
    Published current = published.get();
    link.offerConfig(current.revision(), current.text());
  }

  private void offerHolds(GatewayLink link) {
    link.offerHolds(() -> new Holds(clock.instant(), holds.get()).text());
  }

  /** The look around: who is silent goes, who is there gets a sign of life. */
  private void look() {
    links.values().stream()
        .filter(link -> link.silence().compareTo(SILENCE_MAX) > 0)
        .forEach(link -> {
          log.atWarn().addKeyValue("gateway", link.gateway()).log("gateway is silent; let go");
          link.drop();
        });
    long now = nanoClock.getAsLong();
    if (now - pingedAtNanos >= PING_PACE.toNanos()) {
      pingedAtNanos = now;
      gateways.values().forEach(link -> link.offerPing(() -> ping().text()));
    }
  }

  private Ping ping() {
    return new Ping(
        clock.instant(),
        Optional.of(published.get().revision()).filter(it -> !it.equals(Revision.NONE)));
  }

  /** A configuration's text, written when first asked for. */
  private static final class Written implements Supplier<String> {
    private final Config config;
    private volatile String text = "";

    Written(Config config) {
      this.config = config;
    }

    @Override
    public String get() {
      if (text.isEmpty()) {
        synchronized (this) {
          if (text.isEmpty()) {
            text = config.text();
          }
        }
      }
      return text;
    }
  }
}
