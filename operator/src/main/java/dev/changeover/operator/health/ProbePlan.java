package dev.changeover.operator.health;

import java.time.Duration;
import java.time.Instant;

/**
 * When a held key is asked next whether it serves again.
 *
 * @param begun since when it is held
 * @param asked how often it was asked
 * @param last when it was asked last; {@code begun} before the first time
 */
record ProbePlan(Instant begun, int asked, Instant last) {
  private static final Duration FIRST = Duration.ofMinutes(15);
  private static final Duration LONGEST = Duration.ofHours(6);
  private static final int DOUBLINGS_MAX = 5;

  /** Seven years of asking: a beginning before that is nobody's. */
  private static final int ASKED_MAX = 10_000;

  /**
   * The plan of a key that is held since a time, as far as it has come: it was asked whenever that
   * was due, so that an operator that starts goes on where another one was.
   */
  static ProbePlan of(Instant since, Instant now) {
    Instant begun = since.isAfter(now) ? now : since;
    ProbePlan plan = new ProbePlan(begun, 0, begun);
    while (plan.isDue(now) && plan.asked < ASKED_MAX) {
      plan = plan.asked(plan.due());
    }
    return plan;
  }

  ProbePlan asked(Instant now) {
    return new ProbePlan(begun, asked + 1, now);
  }

  /** 15 minutes after the beginning, then twice as long each time, at most 6 hours. */
  Instant due() {
    Duration pause = FIRST.multipliedBy(1L << Math.min(asked, DOUBLINGS_MAX));
    return last.plus(pause.compareTo(LONGEST) > 0 ? LONGEST : pause);
  }

  boolean isDue(Instant now) {
    return !now.isBefore(due());
  }
}
