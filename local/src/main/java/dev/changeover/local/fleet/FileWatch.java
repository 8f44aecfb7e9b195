package dev.changeover.local.fleet;

import dev.changeover.local.resources.Resource;
import dev.changeover.local.resources.ResourceReading;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads resource files again and again, and applies what changed. A file that is refused leaves
 * everything as it was, and is said to be refused once.
 */
public final class FileWatch implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Logger log = LoggerFactory.getLogger(FileWatch.class);

  private final Supplier<ResourceReading> read;
  private final Function<List<Resource>, AppliedChange> apply;
  private final Consumer<String> say;
  private final CountDownLatch end = new CountDownLatch(1);
  private final Thread thread = Thread.ofVirtual().name("files").unstarted(this::watch);
  private ResourceReading last;
  private String trouble = "";

  private FileWatch(
      Supplier<ResourceReading> read,
      ResourceReading first,
      Function<List<Resource>, AppliedChange> apply,
      Consumer<String> say) {
    this.read = read;
    this.last = first;
    this.apply = apply;
    this.say = say;
  }

  /** Watches from now on; {@code first} is what the fleet was started with. */
  public static FileWatch start(
      Supplier<ResourceReading> read,
      ResourceReading first,
      LocalFleet fleet,
      Consumer<String> say) {
    return start(read, first, fleet::apply, say);
  }

  static FileWatch start(
      Supplier<ResourceReading> read,
      ResourceReading first,
      Function<List<Resource>, AppliedChange> apply,
      Consumer<String> say) {
    var watch = new FileWatch(read, first, apply, say);
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
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What fails is said once, and tried again until it goes through. */
  private void look() {
    try {
      ResourceReading reading = read.get();
      if (!reading.equals(last)) {
        take(reading);
        last = reading;
      }
      trouble = "";
    } catch (RuntimeException e) {
      if (!trouble.equals(e.toString())) {
        trouble = e.toString();
        log.atError().setCause(e).log("files not applied; it is tried again");
        say.accept("the files are not applied, which is tried again: see the log");
      }
    }
  }

  private void take(ResourceReading reading) {
    switch (reading) {
      case ResourceReading.Accepted(List<Resource> resources) -> {
        AppliedChange change = apply.apply(resources);
        say.accept(change.isNothing() ? "the files say again what is there" : change.line());
      }
      case ResourceReading.Refused(String sentence) ->
          say.accept("refused, everything stays as it was: " + sentence);
    }
  }
}
