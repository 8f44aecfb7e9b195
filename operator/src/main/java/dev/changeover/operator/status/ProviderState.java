package dev.changeover.operator.status;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a provider fares, in one public word. */
enum ProviderState {
  AVAILABLE("Available"),
  /** Held in part, or by some gateways only, or failing too often. */
  DEGRADED("Degraded"),
  /** No longer held, and not proven yet. */
  RECOVERING("Recovering"),
  UNAVAILABLE("Unavailable"),
  BANNED("Banned"),
  DRAINED("Drained"),
  INVALID("Invalid"),
  /** Nothing was ever tried. */
  UNKNOWN("Unknown");

  private final String word;

  ProviderState(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }

  static Optional<ProviderState> ofWord(@Nullable String word) {
    return Arrays.stream(values()).filter(state -> state.word.equals(word)).findFirst();
  }

  /** Whether the state was read from traffic, so that it stays true until traffic says else. */
  boolean isEvidence() {
    return switch (this) {
      case AVAILABLE, DEGRADED, RECOVERING, UNAVAILABLE, BANNED -> true;
      case DRAINED, INVALID, UNKNOWN -> false;
    };
  }
}
