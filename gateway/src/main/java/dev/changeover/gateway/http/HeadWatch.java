package dev.changeover.gateway.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends connections whose request's line and headers do not come whole in time: a byte now and then
 * keeps a connection from being idle, and no handler has seen it yet.
 */
final class HeadWatch implements Connection.Listener, AutoCloseable {
  /** How long a request's line and headers may take. */
  static final Duration HEAD_MAX = Duration.ofSeconds(10);

  private static final int LOOKS_IN_TIME = 10;
  private static final Logger LOG = LoggerFactory.getLogger(HeadWatch.class);

  /** Since when a connection has the beginning of a head, if it has one. */
  private sealed interface Head {
    record None() implements Head {}

    record Begun(long nanos, long requestsBefore) implements Head {}
  }

  private final Duration most;
  private final LongSupplier nanoClock;
  private final Map<HttpConnection, Head> heads = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("callers-heads").factory());

  HeadWatch(Duration most, LongSupplier nanoClock) {
    this.most = most;
    this.nanoClock = nanoClock;
    long pace = most.dividedBy(LOOKS_IN_TIME).toMillis();
    var _ = timer.scheduleWithFixedDelay(this::look, pace, pace, TimeUnit.MILLISECONDS);
  }

  @Override
  public void onOpened(Connection connection) {
    if (connection instanceof HttpConnection http) {
      heads.put(http, new Head.None());
    }
  }

  @Override
  public void onClosed(Connection connection) {
    if (connection instanceof HttpConnection http) {
      heads.remove(http);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private void look() {
    try {
      heads.replaceAll(this::looked);
    } catch (RuntimeException e) { // the outermost loop of this timer
      LOG.atError().setCause(e).log("callers' connections could not be looked at");
    }
  }

  private Head looked(HttpConnection connection, Head before) {
    HttpParser parser = connection.getParser();
    if (parser.isStart() || !parser.inHeaderState()) {
      return new Head.None();
    }
    long requests = connection.getMessagesIn();
    if (!(before instanceof Head.Begun begun) || begun.requestsBefore() != requests) {
      return new Head.Begun(nanoClock.getAsLong(), requests);
    }
    if (nanoClock.getAsLong() - begun.nanos() > most.toNanos()) {
      connection.getEndPoint().close();
    }
    return begun;
  }
}
