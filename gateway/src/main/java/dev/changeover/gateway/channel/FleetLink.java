package dev.changeover.gateway.channel;

import dev.changeover.contract.ChannelMessage.Figures;
import dev.changeover.contract.ChannelMessage.Holds;
import dev.changeover.contract.ChannelMessage.OwnHolds;
import dev.changeover.contract.ChannelMessage.Up;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A gateway's lines to all operators: what one says is taken, what the gateway says all hear. */
public final class FleetLink implements AutoCloseable {
  private static final Map<String, String> SCHEMES =
      Map.of("http", "ws", "ws", "ws", "https", "wss", "wss", "wss");

  static final String PATH = "/control/v1";
  static final int OPERATORS_MAX = 16;

  /** Figures go out at most so often. */
  static final Duration FIGURES_PACE = Duration.ofSeconds(1);

  /** So long without any operator, a gateway sees to itself what an operator would. */
  static final Duration ALONE_AFTER = Duration.ofMinutes(1);

  private static final int PORT_MAX = 65_535;
  private static final Logger log = LoggerFactory.getLogger(FleetLink.class);

  private final GatewaySide gateway;
  private final InstantSource clock;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Dialer dialer;
  private final List<ChannelClient> clients;
  private final CountDownLatch stop = new CountDownLatch(1);

  /**
   * Lines to these operators, not yet dialled.
   *
   * @param operators where they listen, as http(s) or ws(s) URLs; without a path the channel's own
   * @param keys what they ask of a gateway
   */
  public FleetLink(
      List<URI> operators,
      ChannelKeys keys,
      GatewaySide gateway,
      InstantSource clock,
      LongSupplier nanoClock,
      RandomGenerator random) {
    refusal(operators, keys)
        .ifPresent(why -> {
          throw new IllegalArgumentException(why);
        });
    this.gateway = gateway;
    this.clock = clock;
    this.dialer = new Dialer(keys, threads);
    var surroundings = new ChannelClient.Surroundings(dialer, clock, nanoClock, random);
    this.clients =
        operators.stream()
            .map(url -> new ChannelClient(webSocketUrl(url), gateway, this::answered, surroundings))
            .toList();
  }

  /** Why these operators cannot be dialled; the URL is not in it, for it may hold a password. */
  public static Optional<String> refusal(List<URI> operators, ChannelKeys keys) {
    if (operators.size() > OPERATORS_MAX) {
      return Optional.of("at most " + OPERATORS_MAX + " operators can be dialled");
    }
    if (keys.token().isPresent()
        && !operators.stream()
            .allMatch(url -> "wss".equals(SCHEMES.get(String.valueOf(url.getScheme()))))) {
      return Optional.of("a token is shown over https or wss only");
    }
    return operators.stream().flatMap(url -> refusal(url).stream()).findFirst();
  }

  private static Optional<String> refusal(URI url) {
    if (!SCHEMES.containsKey(String.valueOf(url.getScheme()))) {
      return Optional.of("an operator's URL is http(s) or ws(s)");
    }
    if (url.getHost() == null) {
      return Optional.of("an operator's URL names a host");
    }
    if (url.getPort() == 0 || url.getPort() > PORT_MAX) {
      return Optional.of("an operator's port is 1 to " + PORT_MAX);
    }
    if (url.getUserInfo() != null || url.getQuery() != null || url.getFragment() != null) {
      return Optional.of("an operator's URL has no user, query or fragment");
    }
    return Optional.empty();
  }

  /** Dials, and goes on dialling until it is closed. */
  public void start() {
    fleetHoldsChanged();
    ownHoldsChanged();
    clients.forEach(ChannelClient::start);
    threads.execute(this::sayFigures);
  }

  /** Tells every operator what is held for certain, at once. */
  public void fleetHoldsChanged() {
    clients.forEach(client ->
        client.say(Outbox.Kind.HOLDS, () -> new Holds(clock.instant(), gateway.fleetHolds())));
  }

  /** Tells every operator what is held here alone. */
  public void ownHoldsChanged() {
    clients.forEach(client ->
        client.say(Outbox.Kind.OWN_HOLDS, () -> new OwnHolds(clock.instant(), gateway.ownHolds())));
  }

  /** Whether any operator has told the fleet's holds since the start. */
  public boolean holdsHeard() {
    return clients.stream().anyMatch(ChannelClient::holdsHeard);
  }

  /** How many operators are on the line now. */
  long connected() {
    return clients.stream().filter(ChannelClient::connected).count();
  }

  /** Whether no operator has been on the line for a good while, or there is none to dial. */
  public boolean alone() {
    return clients.stream().allMatch(client -> client.absence().compareTo(ALONE_AFTER) >= 0);
  }

  @Override
  public void close() {
    stop.countDown();
    try {
      for (ChannelClient client : clients) {
        client.stop();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    dialer.close();
    threads.shutdownNow();
  }

  private void answered(Up answer) {
    clients.forEach(client -> client.say(Outbox.Kind.ANSWER, () -> answer));
  }

  private void sayFigures() {
    Figures said = new Figures(List.of(), List.of());
    try {
      while (!stop.await(FIGURES_PACE.toNanos(), TimeUnit.NANOSECONDS)) {
        said = saidAnew(said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The figures that were said last. */
  private Figures saidAnew(Figures said) {
    try {
      Figures now = gateway.figures();
      if (!now.equals(said)) {
        clients.forEach(client -> client.say(Outbox.Kind.FIGURES, () -> now));
      }
      return now;
    } catch (RuntimeException e) { // this is the outermost loop of the figures' thread
      log.atError().addKeyValue("fault", e.getClass().getName()).log("figures could not be told");
      return said;
    }
  }

  private static URI webSocketUrl(URI url) {
    String path = url.getRawPath().length() <= 1 ? PATH : url.getRawPath();
    return URI.create(SCHEMES.get(url.getScheme()) + "://" + url.getRawAuthority() + path);
  }
}
