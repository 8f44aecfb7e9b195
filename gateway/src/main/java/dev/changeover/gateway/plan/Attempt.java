package dev.changeover.gateway.plan;

import dev.changeover.gateway.classify.Outcome;
import java.time.Duration;

/** A step that was taken, what came of it, and how long that took. */
public record Attempt(Step step, Outcome outcome, Duration took) {}
