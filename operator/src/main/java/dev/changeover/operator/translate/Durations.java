package dev.changeover.operator.translate;

import dev.changeover.crds.DurationText;
import java.time.Duration;

/** Durations as resources write them. */
final class Durations {
  private Durations() {}

  /** The duration; throws IllegalArgumentException naming the field, for the field's owner. */
  static Duration read(String field, String text) {
    return DurationText.parse(text)
        .orElseThrow(() ->
            new IllegalArgumentException(
                field + " must be a duration such as 250ms, 30s or 1m30s"));
  }
}
