package dev.changeover.gateway.channel;

import dev.changeover.contract.ChannelMessage;
import dev.changeover.contract.ChannelMessage.Config;
import dev.changeover.contract.ChannelMessage.Down;
import dev.changeover.contract.ChannelMessage.Hello;
import dev.changeover.contract.ChannelMessage.Holds;
import dev.changeover.contract.ChannelMessage.Ping;
import dev.changeover.contract.ChannelMessage.Probe;
import dev.changeover.contract.ChannelMessage.Up;
import dev.changeover.contract.ClockSkew;
import dev.changeover.contract.ContractVersion;
import java.net.URI;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The line to one operator: dialled, kept alive by pings, dialled again with growing, jittered
 * waits. One thread sends, so there is never more than one send at a time.
 */
final class ChannelClient {
  /** Nothing heard for so long: the operator is dead, whatever its socket says. */
  static final Duration SILENCE_MAX = Duration.ofSeconds(4);

  static final Duration PING_PACE = Duration.ofSeconds(1);
  static final Duration BACKOFF_MIN = Duration.ofMillis(100);
  static final Duration BACKOFF_MAX = Duration.ofSeconds(2);

  /** For one message, to an operator that is heard all the while. */
  private static final Duration SEND_MAX = Duration.ofSeconds(4);

  private static final Duration GOODBYE_MAX = Duration.ofMillis(500);
  private static final Duration LOOK = Duration.ofMillis(250);
  private static final Logger log = LoggerFactory.getLogger(ChannelClient.class);

  private final URI operator;
  private final GatewaySide gateway;
  private final Answers answers;
  private final Dialer dialer;
  private final InstantSource clock;
  private final LongSupplier nanoClock;
  private final RandomGenerator random;
  private final Outbox outbox = new Outbox();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;
  private String said = "";
  private volatile boolean connected;
  private volatile boolean holdsHeard;
  private volatile long leftAtNanos;

  /** Who is told of each answer to a configuration: every operator wants to hear it. */
  interface Answers {
    void answered(Up answer);
  }

  /** Time, chance and sockets. */
  record Surroundings(
      Dialer dialer, InstantSource clock, LongSupplier nanoClock, RandomGenerator random) {}

  ChannelClient(URI operator, GatewaySide gateway, Answers answers, Surroundings surroundings) {
    this.operator = operator;
    this.gateway = gateway;
    this.answers = answers;
    this.dialer = surroundings.dialer();
    this.clock = surroundings.clock();
    this.nanoClock = surroundings.nanoClock();
    this.random = surroundings.random();
    this.thread =
        Thread.ofVirtual().name("channel-" + operator.getAuthority()).unstarted(this::run);
  }

  void start() {
    leftAtNanos = nanoClock.getAsLong();
    thread.start();
  }

  void stop() throws InterruptedException {
    stop.countDown();
    outbox.wake();
    if (thread.isAlive() && !thread.join(SEND_MAX)) {
      thread.interrupt();
    }
  }

  void say(Outbox.Kind kind, Supplier<Up> message) {
    outbox.put(kind, message);
  }

  boolean connected() {
    return connected;
  }

  /** How long this operator has not been on the line. */
  Duration absence() {
    return connected ? Duration.ZERO : Duration.ofNanos(nanoClock.getAsLong() - leftAtNanos);
  }

  /** Whether this operator has ever told the fleet's holds. */
  boolean holdsHeard() {
    return holdsHeard;
  }

  private void run() {
    int failures = 0;
    try {
      while (stop.getCount() > 0) {
        failures = served() ? 0 : failures + 1;
        if (stop.await(backoff(failures).toNanos(), TimeUnit.NANOSECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean served() throws InterruptedException {
    try {
      return serve();
    } catch (RuntimeException e) { // this is the outermost loop of the line's thread
      log.atError()
          .addKeyValue("operator", operator)
          .addKeyValue("fault", e.getClass().getName())
          .log("line to operator failed");
      return false;
    }
  }

  /** A wait that doubles with each failure in a row, half of it by chance. */
  private Duration backoff(int failures) {
    long doubled = BACKOFF_MIN.toMillis() << Math.min(failures, 10);
    long most = Math.min(doubled, BACKOFF_MAX.toMillis());
    return Duration.ofMillis(most / 2 + random.nextLong(most / 2 + 1));
  }

  /** One connection from dialling to its end; true if the operator said anything on it. */
  private boolean serve() throws InterruptedException {
    var line = new Line();
    return switch (dialer.dial(operator, line.inbox)) {
      case Dialer.Dial.NotYet(String why) -> {
        sayOnce("operator is not dialled", why);
        yield false;
      }
      case Dialer.Dial.Dialled(CompletableFuture<WebSocket> socket) -> serve(line, socket);
    };
  }

  private boolean serve(Line line, CompletableFuture<WebSocket> dialled)
      throws InterruptedException {
    try {
      WebSocket socket =
          dialled.get(Dialer.CONNECT_MAX.toMillis() + LOOK.toMillis(), TimeUnit.MILLISECONDS);
      log.atInfo().addKeyValue("operator", operator).log("operator reached");
      said = "";
      try {
        converse(socket, line);
      } finally {
        leftAtNanos = nanoClock.getAsLong();
        connected = false;
        socket.abort();
      }
    } catch (ExecutionException | TimeoutException e) {
      notReached(e);
      return false;
    }
    log.atInfo().addKeyValue("operator", operator).log("connection to operator over");
    return line.heard;
  }

  /** What waiting does not mend is worth a line, once. */
  private void notReached(Exception fault) {
    switch (fault.getCause()) {
      case WebSocketHandshakeException refusal ->
          sayOnce("operator refuses", "HTTP status " + refusal.getResponse().statusCode());
      case SSLException _ -> sayOnce("operator is not trusted", "no certificate of its CA");
      case null, default ->
          log.atDebug()
              .addKeyValue("operator", operator)
              .addKeyValue("fault", fault.getClass().getSimpleName())
              .log("operator not reached");
    }
  }

  private void sayOnce(String what, String why) {
    if (!said.equals(what + why)) {
      said = what + why;
      log.atWarn().addKeyValue("operator", operator).addKeyValue("reason", why).log(what);
    }
  }

  private void converse(WebSocket socket, Line line)
      throws InterruptedException, ExecutionException, TimeoutException {
    send(socket, line, new Hello(ContractVersion.CURRENT, gateway.name(), gateway.revision()));
    connected = true;
    outbox.again();
    long pingedAtNanos = nanoClock.getAsLong();
    while (line.alive()) {
      if (stop.getCount() == 0) {
        goodbye(socket);
        return;
      }
      var next = outbox.take(LOOK);
      if (next.isPresent()) {
        send(socket, line, next.get());
      }
      if (nanoClock.getAsLong() - pingedAtNanos >= PING_PACE.toNanos()) {
        pingedAtNanos = nanoClock.getAsLong();
        send(socket, line, new Ping(clock.instant()));
      }
    }
  }

  /** Sends, and gives up with the line: a dead operator may leave a send stuck for good. */
  private void send(WebSocket socket, Line line, Up message)
      throws InterruptedException, ExecutionException, TimeoutException {
    var sent = socket.sendText(message.text(), true);
    long begunNanos = nanoClock.getAsLong();
    while (true) {
      try {
        sent.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        if (!line.alive() || nanoClock.getAsLong() - begunNanos > SEND_MAX.toNanos()) {
          throw e;
        }
      }
    }
  }

  private static void goodbye(WebSocket socket)
      throws InterruptedException, ExecutionException, TimeoutException {
    socket
        .sendClose(WebSocket.NORMAL_CLOSURE, "the gateway stops")
        .get(GOODBYE_MAX.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** One connection's listening end: what was heard on it, and how its clock goes. */
  private final class Line {
    private final Inbox inbox = new Inbox(this::said, outbox::wake, nanoClock);
    private ClockSkew skew = ClockSkew.UNKNOWN;
    private boolean garbageSeen;
    private volatile boolean heard;

    boolean alive() {
      return inbox.open() && inbox.silence().compareTo(SILENCE_MAX) <= 0;
    }

    private void said(String text) {
      heard = true;
      ChannelMessage message;
      try {
        message = ChannelMessage.parse(text);
      } catch (IllegalArgumentException e) {
        ignore();
        return;
      }
      if (!(message instanceof Down down)) {
        ignore();
        return;
      }
      try {
        obey(down);
      } catch (RuntimeException e) {
        // our own mistake; the line stays, and the text stays out of the log
        log.atError()
            .addKeyValue("operator", operator)
            .addKeyValue("fault", e.getClass().getName())
            .log("message from operator could not be obeyed");
      }
    }

    /** Garbage, or the words of a newer operator. */
    private void ignore() {
      if (!garbageSeen) {
        garbageSeen = true;
        log.atWarn()
            .addKeyValue("operator", operator)
            .log("operator sends what cannot be read; it is ignored");
      }
    }

    private void obey(Down message) {
      switch (message) {
        case Config config -> answers.answered(gateway.take(config));
        case Holds holds -> {
          skew = skew.with(holds.sentAt(), clock.instant());
          gateway.join(holds.holds().shifted(skew.shift()));
          holdsHeard = true;
        }
        case Probe probe -> gateway.probe(probe.key());
        case Ping ping -> {
          skew = skew.with(ping.sentAt(), clock.instant());
          ping.current().ifPresent(gateway::calledCurrent);
        }
      }
    }
  }
}
