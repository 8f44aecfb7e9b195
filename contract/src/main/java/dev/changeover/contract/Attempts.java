package dev.changeover.contract;

import java.time.Duration;

/**
 * How much is tried for one request.
 *
 * @param max attempts, 1 to 10
 * @param deadline from the request's start until an answer begins
 * @param waitOut a stated wait up to this long is waited out once, to stay on the preferred model
 */
public record Attempts(int max, Duration deadline, Duration waitOut) {
  public static final Attempts DEFAULT = new Attempts(4, Duration.ofMinutes(10), Duration.ZERO);

  public Attempts {
    if (max < 1 || max > 10) {
      throw new IllegalArgumentException("attempts.max is 1 to 10: " + max);
    }
    Timeouts.positive("deadline", deadline);
    if (waitOut.isNegative()) {
      throw new IllegalArgumentException("waitOut cannot be negative");
    }
  }
}
