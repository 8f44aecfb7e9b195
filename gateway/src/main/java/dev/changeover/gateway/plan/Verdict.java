package dev.changeover.gateway.plan;

/**
 * Why one target did not answer.
 *
 * @param target its name in the route
 * @param reason a reason's word, or the word of an unusable or skipped target
 * @param message one sentence, safe to show to anybody
 */
public record Verdict(String target, String reason, String message) {}
