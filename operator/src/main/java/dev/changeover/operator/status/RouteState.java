package dev.changeover.operator.status;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a route fares, in one public word. */
enum RouteState {
  /** The preferred target serves; where none is preferred, all of them. */
  AVAILABLE("Available"),
  FAILED_OVER("FailedOver"),
  /** The preferred target takes requests again, and has not answered one yet. */
  FAILING_BACK("FailingBack"),
  /** Every target is held for soft reasons, and the least bad one is tried. */
  DEGRADED("Degraded"),
  /** No target takes requests, not even as the last resort. */
  EXHAUSTED("Exhausted"),
  DRAINED("Drained"),
  INVALID("Invalid"),
  /** Nothing was ever asked. */
  UNKNOWN("Unknown");

  private final String word;

  RouteState(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }

  static Optional<RouteState> ofWord(@Nullable String word) {
    return Arrays.stream(values()).filter(state -> state.word.equals(word)).findFirst();
  }

  /** Whether the state was read from traffic, so that it stays true until traffic says else. */
  boolean isEvidence() {
    return switch (this) {
      case AVAILABLE, FAILED_OVER, FAILING_BACK, DEGRADED, EXHAUSTED -> true;
      case DRAINED, INVALID, UNKNOWN -> false;
    };
  }
}
