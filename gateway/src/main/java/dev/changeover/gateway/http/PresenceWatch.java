package dev.changeover.gateway.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks about twice a second whether the callers that wait are still there. */
final class PresenceWatch implements AutoCloseable {
  private static final Duration PACE = Duration.ofMillis(500);

  private final Set<CallerConnection> waiting = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("callers-presence").factory());

  PresenceWatch() {
    var _ =
        timer.scheduleWithFixedDelay(
            this::look, PACE.toMillis(), PACE.toMillis(), TimeUnit.MILLISECONDS);
  }

  void add(CallerConnection caller) {
    waiting.add(caller);
  }

  void remove(CallerConnection caller) {
    waiting.remove(caller);
    caller.release();
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private void look() {
    waiting.forEach(CallerConnection::look);
  }
}
