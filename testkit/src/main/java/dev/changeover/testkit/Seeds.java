package dev.changeover.testkit;

import java.util.Random;

/** Seeded runs of a property: the same seeds on every machine, one of them replayed on demand. */
public final class Seeds {
  /** The system property that names the one seed to run; empty runs all. */
  static final String SEED = "seed";

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private Seeds() {}

  /** A statement that has to hold whatever the random numbers are. */
  @FunctionalInterface
  public interface Property {
    void check(Random random) throws Throwable;
  }

  /** Checks the property once a seed; a failure names the seed that replays it. */
  public static void forEach(int runs, Property property) {
    forEach(runs, System.getProperty(SEED, ""), property);
  }

  static void forEach(int runs, String onlySeed, Property property) {
    if (runs < 1) {
      throw new IllegalArgumentException("a property needs at least one run, not " + runs);
    }
    if (!onlySeed.isBlank()) {
      check("the seed asked for", Long.parseLong(onlySeed.strip()), property);
      return;
    }
    for (int run = 1; run <= runs; run++) {
      check("run " + run + " of " + runs, seedOf(run), property);
    }
  }

  private static void check(String run, long seed, Property property) {
    try {
      property.check(new Random(seed));
    } catch (Throwable failure) {
      throw new AssertionError(
          run + " failed, replay with -Dseed=" + seed + ": " + failure.getMessage(), failure);
    }
  }

  /** Spreads the run number over all bits: neighbouring seeds give Random nearly equal numbers. */
  private static long seedOf(int run) {
    long mixed = run * GOLDEN_GAMMA;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
