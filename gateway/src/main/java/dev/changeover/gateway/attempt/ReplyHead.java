package dev.changeover.gateway.attempt;

import dev.changeover.contract.TargetConfig;
import java.util.OptionalLong;

/**
 * What is said before an answer's first byte.
 *
 * @param target who answers
 * @param attempts how many attempts were made, this one included
 * @param notPreferred why the preferred target does not answer; empty when it does
 * @param upstreamId the provider's own id; empty without one
 * @param streamed whether an event stream follows
 * @param length the body's length, where it is whole
 */
public record ReplyHead(
    TargetConfig.Usable target,
    int attempts,
    String notPreferred,
    String upstreamId,
    boolean streamed,
    OptionalLong length) {}
