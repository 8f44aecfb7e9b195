package dev.changeover.crds;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a constructor makes of a field that was not written. */
final class Absent {

  private Absent() {}

  /** A required field that is missing; Jackson hands it on as the cause of its own exception. */
  static final class Refusal extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    Refusal(String field) {
      super(field + " is required");
    }
  }

  static <T> T refused(@Nullable T value, String field) {
    if (value == null) {
      throw new Refusal(field);
    }
    return value;
  }

  static <T> T replaced(@Nullable T value, T standard) {
    return value == null ? standard : value;
  }

  static <T> List<T> empty(@Nullable List<T> value) {
    return value == null ? List.of() : List.copyOf(value);
  }

  static Map<String, String> empty(@Nullable Map<String, String> value) {
    if (value == null) {
      return Map.of();
    }
    value.values().forEach(Objects::requireNonNull);
    return Collections.unmodifiableMap(new TreeMap<>(value)); // sorted: same input, same bytes
  }
}
