package dev.changeover.gateway.attempt;

import dev.changeover.contract.RouteConfig;

/** Whoever counts attempts. */
@FunctionalInterface
public interface AttemptListener {
  /** An attempt is over; called once, by the thread that made it, so it must be quick. */
  void attemptEnded(RouteConfig route, AttemptRecord attempt);

  /** Both, in this order. */
  default AttemptListener and(AttemptListener other) {
    return (route, attempt) -> {
      attemptEnded(route, attempt);
      other.attemptEnded(route, attempt);
    };
  }
}
