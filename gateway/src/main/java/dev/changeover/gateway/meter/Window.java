package dev.changeover.gateway.meter;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The slices of the last five minutes; not safe to use from two threads at once. */
final class Window<T> {
  static final Duration LENGTH = Duration.ofMinutes(5);
  private static final int SLICES = 10;
  private static final long SLICE_MILLIS = LENGTH.toMillis() / SLICES;

  private record Slice<T>(long number, T counts) {}

  private final Supplier<T> empty;
  private final List<Slice<T>> slices = new ArrayList<>(SLICES + 1);

  Window(Supplier<T> empty) {
    this.empty = empty;
  }

  /** The counts of the slice that a time falls into, older slices dropped. */
  T at(Instant now) {
    long number = now.toEpochMilli() / SLICE_MILLIS;
    dropOlder(number);
    if (slices.isEmpty() || slices.getLast().number() < number) {
      slices.add(new Slice<>(number, empty.get()));
    }
    return slices.getLast().counts();
  }

  /** The counts of all slices that are not too old. */
  List<T> recent(Instant now) {
    dropOlder(now.toEpochMilli() / SLICE_MILLIS);
    return slices.stream().map(Slice::counts).toList();
  }

  private void dropOlder(long number) {
    slices.removeIf(slice -> slice.number() <= number - SLICES);
  }
}
