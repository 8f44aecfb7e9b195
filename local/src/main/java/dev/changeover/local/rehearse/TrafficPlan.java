package dev.changeover.local.rehearse;

import java.time.Duration;

/**
 * Traffic in both dialects, half of it streamed, in turn over all gateways.
 *
 * @param model the name that callers ask for
 * @param requests how many in all
 * @param atOnce how many callers there are; each sends its next request when it has its answer
 * @param failover whether gateways may try another target
 * @param answerMax the longest wait of a caller
 */
public record TrafficPlan(
    String model, int requests, int atOnce, boolean failover, Duration answerMax) {
  /** The most requests of one rehearsal; the providers' ledgers remember as many. */
  static final int REQUESTS_MAX = 50_000;

  private static final int AT_ONCE_MAX = 1_000;

  public TrafficPlan {
    if (requests < 1 || requests > REQUESTS_MAX) {
      throw new IllegalArgumentException("there cannot be " + requests + " requests");
    }
    if (atOnce < 1 || atOnce > AT_ONCE_MAX) {
      throw new IllegalArgumentException("there cannot be " + atOnce + " callers");
    }
  }
}
