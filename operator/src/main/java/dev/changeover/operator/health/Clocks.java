package dev.changeover.operator.health;

import dev.changeover.contract.HoldSet;
import java.time.Duration;
import java.time.Instant;

/** How far a sender's clock is from ours. */
final class Clocks {
  /**
   * Differences are read in steps this wide. A message's way takes time; read exactly, it would
   * lengthen each hold a little with every exchange between two clocks that agree.
   */
  static final Duration STEP = Duration.ofSeconds(4);

  private Clocks() {}

  /** The difference, to the nearest step: zero for clocks that nearly agree. */
  static Duration difference(Instant sentAt, Instant now) {
    double steps = (double) Duration.between(sentAt, now).toMillis() / STEP.toMillis();
    return STEP.multipliedBy(Math.round(steps));
  }

  /** Holds by our clock. */
  static HoldSet ours(HoldSet holds, Instant sentAt, Instant now) {
    return holds.shifted(difference(sentAt, now));
  }
}
