package dev.changeover.gateway.health;

import dev.changeover.contract.HealthPolicy;
import dev.changeover.contract.Reason;
import dev.changeover.gateway.classify.Outcome.Failure;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** How long a hold lasts, by reason and by how often in a row it was held. */
final class HoldLength {
  static final Duration STATED_MIN = Duration.ofMillis(250); // against hot loops
  static final Duration RATE_LIMIT_STATED_MAX = Duration.ofMinutes(5);
  static final Duration QUOTA_STATED_MAX = Duration.ofDays(35); // a month and some days
  static final Duration RATE_LIMIT_FIRST = Duration.ofSeconds(1);
  static final Duration RATE_LIMIT_MAX = Duration.ofMinutes(1);
  static final Duration QUOTA_FIRST = Duration.ofMinutes(5);
  static final Duration QUOTA_MAX = Duration.ofHours(1);
  static final Duration CREDENTIAL_FIRST = Duration.ofMinutes(1);
  static final Duration CREDENTIAL_MAX = Duration.ofHours(1);

  /** Definite reasons on doubtful evidence. */
  static final Duration DOUBTFUL = Duration.ofSeconds(30);

  /** Between two probes of what no user's request may probe. */
  static final Duration PROBE_FIRST = Duration.ofMinutes(15);

  static final Duration PROBE_MAX = Duration.ofHours(6);

  /** A soft outage keeps its first length for so long; then each hold doubles. */
  static final Duration OUTAGE_STEADY = Duration.ofMinutes(5);

  /** More steps than any doubling here needs to reach its end. */
  static final int STEP_MAX = 20;

  private static final double JITTER = 0.1;

  private HoldLength() {}

  /** The length of a hold for this failure; empty if it has no end. */
  static Optional<Duration> of(
      Failure failure, HealthPolicy policy, int step, RandomGenerator random) {
    if (failure.doubtful() && failure.reason().certainty() == Reason.Certainty.DEFINITE) {
      return Optional.of(DOUBTFUL);
    }
    return switch (failure.reason()) {
      case RATE_LIMITED ->
          Optional.of(
              failure
                  .statedWait()
                  .map(wait -> between(STATED_MIN, wait, RATE_LIMIT_STATED_MAX))
                  .orElseGet(() -> doubled(RATE_LIMIT_FIRST, RATE_LIMIT_MAX, step, random)));
      case OVERLOADED, SERVER_ERROR, TIMEOUT, STREAM_BROKEN, MALFORMED_RESPONSE, UNREACHABLE -> {
        Duration usual = doubled(policy.holdInitial(), policy.holdMax(), step, random);
        yield Optional.of(
            failure.statedWait().map(wait -> between(usual, wait, policy.holdMax())).orElse(usual));
      }
      case QUOTA_EXHAUSTED, BILLING_INACTIVE ->
          Optional.of(
              failure
                  .statedWait()
                  .map(wait -> between(STATED_MIN, wait, QUOTA_STATED_MAX))
                  .orElseGet(() -> doubled(QUOTA_FIRST, QUOTA_MAX, step, random)));
      case CREDENTIAL_REJECTED ->
          Optional.of(doubled(CREDENTIAL_FIRST, CREDENTIAL_MAX, step, random));
      case ACCOUNT_DISABLED, ACCESS_DENIED, MODEL_NOT_FOUND -> Optional.empty();
      case CONTEXT_TOO_LONG,
          REQUEST_TOO_LARGE,
          CONTENT_FILTERED,
          REFUSED,
          BAD_REQUEST,
          CLIENT_CANCELLED ->
          throw new IllegalArgumentException("nothing is held for " + failure.reason());
    };
  }

  /** How long to wait before the next probe of a hold without end. */
  static Duration untilProbe(int probes, RandomGenerator random) {
    return doubled(PROBE_FIRST, PROBE_MAX, probes, random);
  }

  /** The same, and no sooner than the provider said that it is worth asking. */
  static Duration untilProbe(int probes, Duration statedWait, RandomGenerator random) {
    Duration usual = untilProbe(probes, random);
    return statedWait.compareTo(usual) > 0 ? between(usual, statedWait, QUOTA_STATED_MAX) : usual;
  }

  /** Time without a hold after which one step of the lengthening is forgotten. */
  static Duration decay(Reason reason) {
    return reason == Reason.RATE_LIMITED ? RATE_LIMIT_MAX : OUTAGE_STEADY;
  }

  private static Duration doubled(Duration first, Duration max, int step, RandomGenerator random) {
    Duration length = first.multipliedBy(1L << Math.min(step, STEP_MAX));
    long nanos = (length.compareTo(max) > 0 ? max : length).toNanos();
    return Duration.ofNanos(nanos + Math.round(nanos * JITTER * (2 * random.nextDouble() - 1)));
  }

  private static Duration between(Duration min, Duration value, Duration max) {
    if (value.compareTo(max) > 0) {
      return max.compareTo(min) > 0 ? max : min;
    }
    return value.compareTo(min) < 0 ? min : value;
  }
}
