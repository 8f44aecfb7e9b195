package dev.changeover.gateway.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks about twice a second whether the callers that wait are still there. */
final class PresenceWatch implements AutoCloseable {
  private static final Duration PACE = Duration.ofMillis(500);

  private static final Logger LOG = LoggerFactory.getLogger(PresenceWatch.class);

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
    for (CallerConnection caller : waiting) {
      try {
        caller.look();
      } catch (RuntimeException e) { // the outermost loop: one caller's trouble is not the others'
        LOG.atError().setCause(e).log("a caller's presence could not be looked at");
      }
    }
  }
}
