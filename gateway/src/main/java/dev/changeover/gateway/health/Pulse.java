package dev.changeover.gateway.health;

import dev.changeover.contract.HealthPolicy;
import dev.changeover.contract.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/** The recent outcomes under one hold key: failures in a row, failure rate, first-token latency. */
final class Pulse {
  /** A failure this soon after a success may be chance: the rate decides. */
  static final Duration SUCCESS_IS_RECENT = Duration.ofSeconds(10);

  /** How fast a peak of latency is forgotten. */
  static final Duration LATENCY_DECAY = Duration.ofSeconds(30);

  private static final int BUCKETS = 10;

  private final long[] bucketOf = new long[BUCKETS];
  private final int[] successes = new int[BUCKETS];
  private final int[] failures = new int[BUCKETS];
  private long bucketMillis;

  private Instant lastSuccess = Instant.MIN;
  private Instant outageSince = Instant.MAX;
  private int failuresInRow;

  private boolean heldBefore;
  private int lastStep;
  private Instant holdEnded = Instant.MIN;

  private double latencySeconds;
  private Instant latencyAt = Instant.MIN;

  synchronized void succeeded(HealthPolicy policy, Instant now) {
    count(successes, policy, now);
    lastSuccess = now;
    outageSince = Instant.MAX;
    failuresInRow = 0;
  }

  synchronized void failed(HealthPolicy policy, Instant now) {
    count(failures, policy, now);
    failuresInRow++;
    if (now.isBefore(outageSince)) {
      outageSince = now;
    }
  }

  /** Whether the failure just counted begins a soft hold. */
  synchronized boolean holdIsDue(HealthPolicy policy, Instant now) {
    if (lastSuccess.equals(Instant.MIN) || lastSuccess.plus(SUCCESS_IS_RECENT).isBefore(now)) {
      return true;
    }
    resize(policy);
    long oldest = now.toEpochMilli() / bucketMillis - BUCKETS;
    int failed = 0;
    int all = 0;
    for (int i = 0; i < BUCKETS; i++) {
      if (bucketOf[i] > oldest) {
        failed += failures[i];
        all += failures[i] + successes[i];
      }
    }
    return all >= policy.failureRateMinimum() && failed * 100 >= policy.failureRatePercent() * all;
  }

  /**
   * The step of a hold that begins now. In a row or after a flap it is one more than the last
   * one's, less what has decayed since; within the first minutes of a soft outage it stays.
   */
  synchronized int nextStep(Reason reason, Instant now, boolean inARow) {
    if (!heldBefore) {
      return 0;
    }
    boolean young = Duration.between(outageSince, now).compareTo(HoldLength.OUTAGE_STEADY) < 0;
    if (inARow && young && reason.certainty() == Reason.Certainty.SOFT) {
      return lastStep;
    }
    long decayed =
        inARow ? 0 : Duration.between(holdEnded, now).dividedBy(HoldLength.decay(reason));
    return Math.clamp(lastStep + 1L - decayed, 0, HoldLength.STEP_MAX);
  }

  synchronized void held(int step) {
    heldBefore = true;
    lastStep = step;
  }

  synchronized void lifted(Instant now) {
    holdEnded = now;
    Arrays.fill(bucketOf, 0); // old failures must not hold the target again
  }

  /** Begins afresh, as after a person's clearing. */
  synchronized void forget() {
    Arrays.fill(bucketOf, 0);
    outageSince = Instant.MAX;
    failuresInRow = 0;
    heldBefore = false;
    lastStep = 0;
  }

  synchronized int failuresInRow() {
    return failuresInRow;
  }

  /** A time to the first token: a peak counts at once, an improvement by and by. */
  synchronized void firstToken(Duration latency, Instant now) {
    double sample = seconds(latency);
    if (latencyAt.equals(Instant.MIN) || sample > latencySeconds) {
      latencySeconds = sample;
    } else {
      double kept = weight(now);
      latencySeconds = latencySeconds * kept + sample * (1 - kept);
    }
    latencyAt = now;
  }

  /** A failure's time: it may make the target look slower, and never faster. */
  synchronized void failedAfter(Duration took, Instant now) {
    if (latencyAt.equals(Instant.MIN)) {
      return;
    }
    latencySeconds = Math.max(latencySeconds, seconds(took));
    latencyAt = now;
  }

  synchronized double latencyScore(Instant now) {
    if (latencyAt.equals(Instant.MIN)) {
      return failuresInRow > 0 ? Double.POSITIVE_INFINITY : 0;
    }
    return latencySeconds * weight(now);
  }

  private double weight(Instant now) {
    double age = seconds(Duration.between(latencyAt, now));
    return Math.exp(-Math.max(age, 0) / LATENCY_DECAY.toSeconds());
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private void count(int[] outcomes, HealthPolicy policy, Instant now) {
    resize(policy);
    long bucket = now.toEpochMilli() / bucketMillis;
    int index = (int) Math.floorMod(bucket, (long) BUCKETS);
    if (bucketOf[index] != bucket) {
      bucketOf[index] = bucket;
      successes[index] = 0;
      failures[index] = 0;
    }
    outcomes[index]++;
  }

  private void resize(HealthPolicy policy) {
    long millis = Math.max(1, policy.failureRateWindow().toMillis() / BUCKETS);
    if (millis != bucketMillis) {
      bucketMillis = millis;
      Arrays.fill(bucketOf, 0);
    }
  }
}
