package dev.changeover.gateway.observe;

import dev.changeover.contract.ObjectName;
import dev.changeover.contract.Revision;
import dev.changeover.gateway.attempt.RunRecord;
import java.time.Duration;
import java.util.Optional;

/**
 * What is known of one request when it is over: the one source of its log line and metrics.
 *
 * @param route the route that the model's name led to
 * @param dialect the caller's dialect, as its public word
 * @param requestedModel as the caller wrote it: for the log, never a label
 * @param run what was tried, where a route was found
 * @param status the HTTP status that the caller got
 * @param reason our word for what went wrong; empty when nothing did
 */
public record RequestRecord(
    String requestId,
    Optional<ObjectName> route,
    String dialect,
    boolean streamed,
    String requestedModel,
    Optional<RunRecord> run,
    int status,
    Fault fault,
    String reason,
    Duration took,
    Revision revision) {

  /** Time spent in the gateway itself. */
  public Duration overhead() {
    long elsewhere = run.map(RunRecord::elsewhereNanos).orElse(0L);
    Duration own = took.minusNanos(elsewhere);
    return own.isNegative() ? Duration.ZERO : own;
  }
}
