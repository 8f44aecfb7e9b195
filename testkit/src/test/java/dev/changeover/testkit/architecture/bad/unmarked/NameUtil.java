package dev.changeover.testkit.architecture.bad.unmarked;

import java.time.Instant;
import java.util.function.LongSupplier;

/** A forbidden ending, forbidden calls, and a package that is not null-marked. */
final class NameUtil {
  private NameUtil() {}

  @SuppressWarnings({"JavaTimeDefaultTimeZone", "SystemOut"})
  static Instant now() throws InterruptedException {
    LongSupplier nanoClock = System::nanoTime;
    System.out.println(nanoClock.getAsLong() + System.currentTimeMillis() + Math.random());
    Thread.sleep(1);
    return Instant.now();
  }
}
