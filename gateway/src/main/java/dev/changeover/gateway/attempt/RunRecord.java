package dev.changeover.gateway.attempt;

import dev.changeover.contract.RouteConfig;
import dev.changeover.contract.TargetConfig;
import dev.changeover.gateway.plan.Skipped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * All that was tried for one request, and how it ended.
 *
 * @param preferred the target that the run's order has first; empty where the route has none
 * @param notPreferred why the preferred target did not answer; empty when it did
 * @param firstContent from the request's start to first content
 * @param lostToFailover from the request's start to the attempt that answered, where other
 *     providers failed before it
 * @param elsewhereNanos time spent waiting for providers, pauses and the caller
 */
public record RunRecord(
    RouteConfig route,
    List<AttemptRecord> attempts,
    List<Skipped> skipped,
    Optional<TargetConfig> preferred,
    String notPreferred,
    Optional<Duration> firstContent,
    Optional<Duration> lostToFailover,
    long elsewhereNanos,
    Ending ending) {
  public RunRecord {
    attempts = List.copyOf(attempts);
    skipped = List.copyOf(skipped);
  }

  /** The attempt whose answer the caller got, or its beginning. */
  public Optional<AttemptRecord> served() {
    return attempts.isEmpty() || !attempts.getLast().answered()
        ? Optional.empty()
        : Optional.of(attempts.getLast());
  }
}
