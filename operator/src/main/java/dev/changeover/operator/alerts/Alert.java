package dev.changeover.operator.alerts;

import java.time.Duration;
import java.util.Locale;

/** An alert before the installation's policy and the owner's labels are applied. */
record Alert(
    String name,
    String expression,
    Duration duration,
    Duration keepFiringFor,
    Severity severity,
    String summary,
    String description) {
  /** How soon somebody has to look. */
  enum Severity {
    /** Now. */
    CRITICAL,
    /** Today. */
    WARNING,
    /** When convenient. */
    INFO;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
