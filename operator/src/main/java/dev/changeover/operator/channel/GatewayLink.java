package dev.changeover.operator.channel;

import dev.changeover.contract.ChannelMessage;
import dev.changeover.contract.ClockSkew;
import dev.changeover.contract.HoldKey;
import dev.changeover.contract.HoldSet;
import dev.changeover.contract.Revision;
import dev.changeover.operator.identity.GatewayIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/**
 * One gateway's connection: what waits to be sent, of each kind only the newest, one send at a
 * time. A configuration waits until the one before was answered, so a slow gateway gets the last of
 * many and not all of them.
 */
final class GatewayLink {
  static final int PROBES_MAX = 64;

  /** Two configurations are at least so far apart. */
  static final Duration CONFIG_PACE = Duration.ofMillis(20);

  /** A gateway that does not answer a configuration gets the next one after so long. */
  static final Duration ANSWER_WAIT_MAX = Duration.ofSeconds(1);

  /** What can wait, the most urgent first. */
  private enum Kind {
    HOLDS,
    PROBE,
    CONFIG,
    PING
  }

  private final Session session;
  private final Optional<GatewayIdentity> identity;
  private final LongSupplier nanoClock;
  private final Wakeup wakeup;

  private final Map<Kind, Supplier<String>> waiting = new EnumMap<>(Kind.class);
  private final Queue<HoldKey> probes = new ArrayDeque<>();
  private Revision configSent = Revision.NONE;
  private Revision configWaiting = Revision.NONE;
  private boolean configAnswered = true;
  private long configSentAtNanos;
  private boolean sending;

  private volatile String gateway = "";
  private volatile ClockSkew skew = ClockSkew.UNKNOWN;
  private volatile long heardAtNanos;
  private volatile boolean garbageSeen;

  /** Calls {@link #pump} again after a while. */
  interface Wakeup {
    void after(Duration wait, Runnable pump);
  }

  /**
   * A connection that has just been made.
   *
   * @param identity who its token names, where one was asked for
   */
  GatewayLink(
      Session session, Optional<GatewayIdentity> identity, LongSupplier nanoClock, Wakeup wakeup) {
    this.session = session;
    this.identity = identity;
    this.nanoClock = nanoClock;
    this.wakeup = wakeup;
    this.heardAtNanos = nanoClock.getAsLong();
  }

  /** The name it gave itself; empty before its Hello. */
  String gateway() {
    return gateway;
  }

  /** Whether the token, where one was asked for, is that of a pod of this name. */
  boolean mayBe(String name) {
    return identity.map(GatewayIdentity::pod).map(name::equals).orElse(true);
  }

  void introduced(String name) {
    gateway = name;
  }

  void heard() {
    heardAtNanos = nanoClock.getAsLong();
  }

  Duration silence() {
    return Duration.ofNanos(nanoClock.getAsLong() - heardAtNanos);
  }

  /** Holds of this gateway's, told in our time. */
  HoldSet inOurTime(Instant sentAt, Instant receivedAt, HoldSet holds) {
    clockRead(sentAt, receivedAt);
    return holds.shifted(skew.shift());
  }

  void clockRead(Instant sentAt, Instant receivedAt) {
    skew = skew.with(sentAt, receivedAt);
  }

  /** Whether this is the first unreadable message, the one worth a log line. */
  boolean firstGarbage() {
    boolean first = !garbageSeen;
    garbageSeen = true;
    return first;
  }

  void offerConfig(Revision revision, Supplier<String> text) {
    synchronized (this) {
      if (revision.equals(configSent) || !revision.isNewerThan(configWaiting)) {
        return;
      }
      configWaiting = revision;
      waiting.put(Kind.CONFIG, text);
    }
    pump();
  }

  /** What the gateway serves already need not be sent. */
  synchronized void serves(Revision revision) {
    configSent = revision;
  }

  void answered(Revision revision) {
    synchronized (this) {
      configAnswered = configAnswered || !configSent.isNewerThan(revision);
    }
    pump();
  }

  void offerHolds(Supplier<String> text) {
    offer(Kind.HOLDS, text);
  }

  void offerPing(Supplier<String> text) {
    offer(Kind.PING, text);
  }

  /** Whether there was room for one more; the same probe twice is one. */
  boolean offerProbe(HoldKey key) {
    synchronized (this) {
      if (!probes.contains(key)) {
        if (probes.size() >= PROBES_MAX) {
          return false; // the gateway is behind; the leader asks again when the probe is next due
        }
        probes.add(key);
      }
    }
    pump();
    return true;
  }

  void close(int code, String reason) {
    session.close(code, reason, Callback.NOOP);
  }

  /** Ends the connection without the peer's consent. */
  void drop() {
    session.disconnect();
  }

  private void offer(Kind kind, Supplier<String> text) {
    synchronized (this) {
      waiting.put(kind, text);
    }
    pump();
  }

  private void pump() {
    Optional<Supplier<String>> next;
    synchronized (this) {
      if (sending || !session.isOpen()) {
        return;
      }
      next = takeDue();
      sending = next.isPresent();
    }
    next.ifPresent(text ->
        session.sendText(text.get(), Callback.from(this::sent, failure -> session.disconnect())));
  }

  private void sent() {
    synchronized (this) {
      sending = false;
    }
    pump();
  }

  private Optional<Supplier<String>> takeDue() {
    if (waiting.containsKey(Kind.HOLDS)) {
      return Optional.ofNullable(waiting.remove(Kind.HOLDS));
    }
    HoldKey probe = probes.poll();
    if (probe != null) {
      return Optional.of(() -> new ChannelMessage.Probe(probe).text());
    }
    if (waiting.containsKey(Kind.CONFIG) && configDue()) {
      configSent = configWaiting;
      configAnswered = false;
      configSentAtNanos = nanoClock.getAsLong();
      return Optional.ofNullable(waiting.remove(Kind.CONFIG));
    }
    return Optional.ofNullable(waiting.remove(Kind.PING));
  }

  private boolean configDue() {
    if (configSentAtNanos == 0) {
      return true;
    }
    Duration since = Duration.ofNanos(nanoClock.getAsLong() - configSentAtNanos);
    Duration left = (configAnswered ? CONFIG_PACE : ANSWER_WAIT_MAX).minus(since);
    if (!left.isPositive()) {
      return true;
    }
    wakeup.after(left, this::pump);
    return false;
  }
}
