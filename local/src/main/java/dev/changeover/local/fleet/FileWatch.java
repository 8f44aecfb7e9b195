package dev.changeover.local.fleet;

import dev.changeover.local.resources.Resource;
import dev.changeover.local.resources.ResourceReading;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Reads resource files again and again, and applies what changed. A file that is refused leaves
 * everything as it was, and is said to be refused once.
 */
public final class FileWatch implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final Supplier<ResourceReading> read;
  private final LocalFleet fleet;
  private final Consumer<String> say;
  private final CountDownLatch end = new CountDownLatch(1);
  private final Thread thread = Thread.ofVirtual().name("files").unstarted(this::watch);
  private ResourceReading last;

  private FileWatch(
      Supplier<ResourceReading> read,
      ResourceReading first,
      LocalFleet fleet,
      Consumer<String> say) {
    this.read = read;
    this.last = first;
    this.fleet = fleet;
    this.say = say;
  }

  /** Watches from now on; {@code first} is what the fleet was started with. */
  public static FileWatch start(
      Supplier<ResourceReading> read,
      ResourceReading first,
      LocalFleet fleet,
      Consumer<String> say) {
    var watch = new FileWatch(read, first, fleet, say);
    watch.thread.start();
    return watch;
  }

  @Override
  public void close() {
    end.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void watch() {
    try {
      while (!end.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        ResourceReading reading = read.get();
        if (!reading.equals(last)) {
          last = reading;
          take(reading);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void take(ResourceReading reading) {
    switch (reading) {
      case ResourceReading.Accepted(List<Resource> resources) -> {
        AppliedChange change = fleet.apply(resources);
        say.accept(change.isNothing() ? "the files say again what is there" : change.line());
      }
      case ResourceReading.Refused(String sentence) ->
          say.accept("refused, everything stays as it was: " + sentence);
    }
  }
}
