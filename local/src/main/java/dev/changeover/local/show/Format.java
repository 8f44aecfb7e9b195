package dev.changeover.local.show;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How resources are shown. */
public enum Format {
  TABLE,
  WIDE,
  YAML;

  /** The format that {@code -o} asks for. */
  public static Optional<Format> named(String name) {
    return Arrays.stream(values())
        .filter(format -> format != TABLE && format.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst();
  }
}
