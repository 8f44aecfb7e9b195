package dev.changeover.gateway.http;

import java.time.Duration;
import java.util.Optional;

/** The deadline that a caller's SDK states: {@code x-stainless-timeout}, in seconds. */
final class CallerDeadline {
  private static final double SECONDS_MAX = 86_400;
  private static final int LENGTH_MAX = 16;

  private CallerDeadline() {}

  /** The deadline; empty where the header states none, or nonsense. */
  static Optional<Duration> read(Optional<String> header) {
    return header
        .filter(text -> text.length() <= LENGTH_MAX)
        .flatMap(CallerDeadline::seconds)
        .filter(seconds -> seconds > 0 && seconds <= SECONDS_MAX)
        .map(seconds -> Duration.ofMillis(Math.max(1, Math.round(seconds * 1000))));
  }

  private static Optional<Double> seconds(String text) {
    try {
      return Optional.of(Double.parseDouble(text.strip()));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
