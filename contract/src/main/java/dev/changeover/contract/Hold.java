package dev.changeover.contract;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * One reason to send nothing, from {@code since} to {@code until} (no end: until it is lifted).
 *
 * @param step how often in a row this was held: the next hold is longer
 * @param fingerprint the {@link ProviderConfig#fingerprint} that was held; {@link
 *     Reason#ACCESS_DENIED} and {@link Reason#MODEL_NOT_FOUND} are over once it is another
 */
public record Hold(
    Reason reason,
    Instant since,
    Optional<Instant> until,
    int step,
    Evidence evidence,
    String fingerprint) {
  /**
   * The order in which one of two holds prevails: the later end, then the later beginning; the rest
   * only makes the order total, so that a join never depends on its arguments' order.
   */
  static final Comparator<Hold> RANK =
      Comparator.comparing((Hold hold) -> hold.until().orElse(Instant.MAX))
          .thenComparing(Hold::since)
          .thenComparing(Hold::reason)
          .thenComparingInt(Hold::step)
          .thenComparing(Hold::fingerprint)
          .thenComparing(hold -> hold.evidence().toString());

  public Hold {
    if (until.isPresent() && until.get().isBefore(since)) {
      throw new IllegalArgumentException("a hold cannot end before it began: " + reason);
    }
    if (step < 0) {
      throw new IllegalArgumentException("a hold's step cannot be negative: " + step);
    }
  }

  /** Whether its time is not over; who holds what is the {@link HoldSet}'s to say. */
  public boolean lasts(Instant now) {
    return until.isEmpty() || now.isBefore(until.get());
  }

  /** Time left; empty without an end, zero when over. */
  public Optional<Duration> remaining(Instant now) {
    return until.map(end -> now.isBefore(end) ? Duration.between(now, end) : Duration.ZERO);
  }
}
