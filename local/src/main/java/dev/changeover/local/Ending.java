package dev.changeover.local;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The end of a command that runs until Ctrl-C or SIGTERM: both wait until it has closed all. */
final class Ending implements AutoCloseable {
  private static final Duration CLOSE_MAX = Duration.ofSeconds(20);

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::shutDown, "ending");

  Ending() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Waits until the process is asked to end. */
  void await() throws InterruptedException {
    asked.await();
  }

  /** Waits until the process is asked to end, or until this latch is open. */
  void await(CountDownLatch other) throws InterruptedException {
    Thread.ofVirtual()
        .start(() -> {
          try {
            other.await();
            asked.countDown();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    asked.await();
  }

  private void shutDown() {
    asked.countDown();
    try {
      closed.await(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** All else is closed: the process may end. */
  @Override
  public void close() {
    closed.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the hook is at work already
    }
  }
}
