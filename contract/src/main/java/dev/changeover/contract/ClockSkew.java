package dev.changeover.contract;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * How far the receiver's clock is ahead of a sender's, from the last few messages of one
 * connection. The smallest difference counts, since a message's way only ever adds to it.
 *
 * <p>It is rounded to two seconds, and downwards where both are near: what two ends add to each
 * other's times is never more than nothing, so that a hold which goes to and fro cannot grow.
 */
public record ClockSkew(List<Duration> differences) {
  public static final ClockSkew UNKNOWN = new ClockSkew(List.of());

  private static final int DIFFERENCES_MAX = 8;
  private static final long STEP_MILLIS = 2_000;
  private static final long LENIENCE_MILLIS = 500;

  public ClockSkew {
    differences =
        List.copyOf(
            differences.subList(
                Math.max(0, differences.size() - DIFFERENCES_MAX), differences.size()));
  }

  /** This skew after one more message. */
  public ClockSkew with(Instant sentAt, Instant receivedAt) {
    List<Duration> more = new ArrayList<>(differences);
    more.add(Duration.between(sentAt, receivedAt));
    return new ClockSkew(more);
  }

  /** What to add to the sender's times, for {@link HoldSet#shifted}. */
  public Duration shift() {
    return differences.stream()
        .min(Duration::compareTo)
        .map(smallest -> Math.floorDiv(smallest.toMillis() + LENIENCE_MILLIS, STEP_MILLIS))
        .map(steps -> Duration.ofMillis(steps * STEP_MILLIS))
        .orElse(Duration.ZERO);
  }
}
