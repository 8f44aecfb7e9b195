package dev.changeover.gateway.attempt;

import dev.changeover.contract.KeyRef;
import dev.changeover.contract.Reason;
import dev.changeover.contract.TargetConfig;
import dev.changeover.gateway.classify.Outcome.Failure;
import dev.changeover.gateway.dialect.Usage;
import java.time.Duration;
import java.util.Optional;

/**
 * What is known of one attempt when it is over.
 *
 * @param answered whether the caller got this attempt's answer, or its beginning
 * @param failure why it gave no answer, or broke off, or that the answer is a refusal
 * @param status the provider's HTTP status; 0 without one
 * @param upstreamId the provider's own id of the request or answer; empty without one
 * @param took from sending it to its end
 * @param firstToken from sending it to first content
 */
public record AttemptRecord(
    TargetConfig.Usable target,
    Optional<KeyRef> key,
    boolean answered,
    Optional<Failure> failure,
    int status,
    String upstreamId,
    Duration took,
    Optional<Duration> firstToken,
    Optional<Usage> usage) {

  public Optional<Reason> reason() {
    return failure.map(Failure::reason);
  }

  /** Whether the failure is held against the provider. */
  public boolean failed() {
    return failure.filter(Failure::countsAgainstHealth).isPresent();
  }

  /** Whether only a reused connection was reset, which says nothing about the provider. */
  public boolean stale() {
    return failure.filter(Failure::isStaleConnection).isPresent();
  }
}
