package dev.changeover.gateway.attempt;

import dev.changeover.contract.RouteConfig;
import dev.changeover.contract.TargetConfig;

/** Whoever counts attempts. */
@FunctionalInterface
public interface AttemptListener {
  /** An attempt is over; called once, by the thread that made it, so it must be quick. */
  void attemptEnded(RouteConfig route, AttemptRecord attempt);

  /**
   * An attempt begins, the right to which was asked for at this time: whatever was held then was
   * heeded. Called by the thread that makes the attempt.
   */
  default void attemptBegan(TargetConfig.Usable target, long askedNanos) {}

  /** Both, in this order. */
  default AttemptListener and(AttemptListener other) {
    AttemptListener first = this;
    return new AttemptListener() {
      @Override
      public void attemptBegan(TargetConfig.Usable target, long askedNanos) {
        first.attemptBegan(target, askedNanos);
        other.attemptBegan(target, askedNanos);
      }

      @Override
      public void attemptEnded(RouteConfig route, AttemptRecord attempt) {
        first.attemptEnded(route, attempt);
        other.attemptEnded(route, attempt);
      }
    };
  }
}
