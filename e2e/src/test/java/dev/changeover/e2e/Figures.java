package dev.changeover.e2e;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Times that were measured, from the shortest to the longest, and how they are printed. */
record Figures(String what, List<Duration> times) {
  Figures {
    times = times.stream().sorted().toList();
  }

  static Figures ofNanos(String what, long... nanos) {
    return new Figures(what, Arrays.stream(nanos).mapToObj(Duration::ofNanos).toList());
  }

  /** The shortest time that so many percent are not above. */
  Duration percentile(int percent) {
    int rank = (int) Math.ceil(times.size() * percent / 100.0);
    return times.get(Math.max(0, rank - 1));
  }

  /** Prints them with the machine's load: what a person wants to read in the build's log. */
  void print() {
    print(
        String.format(
            Locale.ROOT,
            "%s: p50 %.1f ms, p99 %.1f ms of %d",
            what,
            millis(percentile(50)),
            millis(percentile(99)),
            times.size()));
  }

  static void print(String sentence) {
    System.out.printf(Locale.ROOT, "== %s (load %.1f)%n", sentence, load());
  }

  /** A bound for a machine with its own work; where it has far more, longer in proportion. */
  static Duration bound(Duration usual) {
    int usualLoad = 2 * Runtime.getRuntime().availableProcessors();
    return Duration.ofMillis((long) (usual.toMillis() * Math.max(1, load() / usualLoad)));
  }

  private static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  private static double millis(Duration time) {
    return time.toNanos() / 1e6;
  }
}
