package dev.changeover.gateway.channel;

import dev.changeover.contract.ChannelMessage.Figures;
import dev.changeover.contract.ChannelMessage.Holds;
import dev.changeover.contract.ChannelMessage.OwnHolds;
import dev.changeover.contract.ChannelMessage.Up;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** A gateway's lines to all operators: what one says is taken, what the gateway says all hear. */
public final class FleetLink implements AutoCloseable {
  static final String PATH = "/control/v1";
  static final int OPERATORS_MAX = 16;

  /** Figures go out at most so often. */
  static final Duration FIGURES_PACE = Duration.ofSeconds(1);

  private static final Duration CONNECT_MAX = Duration.ofSeconds(3);

  private final GatewaySide gateway;
  private final InstantSource clock;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http;
  private final List<ChannelClient> clients;
  private final CountDownLatch stop = new CountDownLatch(1);

  /**
   * Lines to these operators, not yet dialled.
   *
   * @param operators where they listen, as http(s) or ws(s) URLs; without a path the channel's own
   */
  public FleetLink(
      List<URI> operators,
      GatewaySide gateway,
      InstantSource clock,
      LongSupplier nanoClock,
      RandomGenerator random) {
    if (operators.size() > OPERATORS_MAX) {
      throw new IllegalArgumentException("at most " + OPERATORS_MAX + " operators");
    }
    this.gateway = gateway;
    this.clock = clock;
    this.http =
        HttpClient.newBuilder()
            .executor(threads)
            .connectTimeout(CONNECT_MAX)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();
    var surroundings = new ChannelClient.Surroundings(http, clock, nanoClock, random);
    this.clients =
        operators.stream()
            .map(url -> new ChannelClient(webSocketUrl(url), gateway, this::answered, surroundings))
            .toList();
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
  public long connected() {
    return clients.stream().filter(ChannelClient::connected).count();
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
    http.shutdownNow();
    threads.shutdownNow();
  }

  private void answered(Up answer) {
    clients.forEach(client -> client.say(Outbox.Kind.ANSWER, () -> answer));
  }

  private void sayFigures() {
    Figures said = new Figures(List.of(), List.of());
    try {
      while (!stop.await(FIGURES_PACE.toNanos(), TimeUnit.NANOSECONDS)) {
        Figures now = gateway.figures();
        if (!now.equals(said)) {
          said = now;
          clients.forEach(client -> client.say(Outbox.Kind.FIGURES, () -> now));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static URI webSocketUrl(URI url) {
    String scheme =
        switch (String.valueOf(url.getScheme())) {
          case "http", "ws" -> "ws";
          case "https", "wss" -> "wss";
          default -> throw new IllegalArgumentException("an operator's URL is http(s) or ws(s)");
        };
    if (url.getHost() == null) {
      throw new IllegalArgumentException("an operator's URL names a host");
    }
    String path = url.getPath() == null || url.getPath().length() <= 1 ? PATH : url.getPath();
    return URI.create(scheme + "://" + url.getRawAuthority() + path);
  }
}
