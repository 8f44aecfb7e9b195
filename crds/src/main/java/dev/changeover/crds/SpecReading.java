package dev.changeover.crds;

import org.jspecify.annotations.Nullable;

/** What reading a resource's {@code spec} gave. */
public sealed interface SpecReading<S> {

  /** A spec that could be read; its defaults are filled in. */
  record Bound<S>(S spec) implements SpecReading<S> {}

  /** A spec that could not be read; the message names the field and never repeats its value. */
  record Unbound<S>(String message) implements SpecReading<S> {}

  /** The reading of a spec as Jackson bound it; none at all is unreadable, too. */
  static <S extends TolerantSpec> SpecReading<S> of(@Nullable S spec) {
    if (spec == null) {
      return new Unbound<>("spec is missing");
    }
    UnreadableSpec unreadable = spec.unreadable();
    return unreadable == null ? new Bound<>(spec) : new Unbound<>(unreadable.message());
  }
}
