package dev.changeover.operator;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Wakes, of which any number before the next look are one. */
final class Wakeups {
  private final Semaphore pending = new Semaphore(0);

  void wake() {
    if (pending.availablePermits() == 0) {
      pending.release(); // two at once may both release; the look takes them all
    }
  }

  /** Returns at the next wake, or after a while without one. */
  void await(Duration wait) throws InterruptedException {
    boolean _ = pending.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS);
    int _ = pending.drainPermits();
  }
}
