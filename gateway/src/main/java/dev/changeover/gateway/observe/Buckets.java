package dev.changeover.gateway.observe;

import java.time.Duration;
import java.util.Arrays;

/** The upper bounds of the histograms. */
final class Buckets {
  /** Whole answers and first tokens. */
  static final Duration[] ANSWERS =
      seconds(.05, .1, .2, .35, .5, .75, 1, 1.5, 2, 3, 5, 10, 20, 30, 60, 120, 300, 600);

  /** Everything shorter. */
  static final Duration[] SHORT =
      seconds(.00005, .0001, .00025, .0005, .001, .0025, .005, .01, .05, .1, 1, 10);

  private Buckets() {}

  private static Duration[] seconds(double... bounds) {
    return Arrays.stream(bounds)
        .mapToObj(bound -> Duration.ofNanos(Math.round(bound * 1e9)))
        .toArray(Duration[]::new);
  }
}
