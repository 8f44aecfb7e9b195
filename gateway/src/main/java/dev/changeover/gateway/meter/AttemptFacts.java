package dev.changeover.gateway.meter;

import dev.changeover.contract.ObjectName;
import dev.changeover.contract.Reason;
import java.time.Duration;
import java.util.Optional;

/**
 * One attempt that has ended.
 *
 * @param failure why it gave no answer; empty if it gave one
 * @param took from sending it to its end
 * @param firstToken from sending it to first content, if any came
 */
public record AttemptFacts(
    ObjectName provider,
    String model,
    Optional<Reason> failure,
    Duration took,
    Optional<Duration> firstToken,
    long inputTokens,
    long outputTokens) {}
