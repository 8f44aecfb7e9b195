package dev.changeover.contract;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** What a target changes in each request, whatever the caller asked for. */
public record Overrides(
    OptionalDouble temperature,
    OptionalDouble topP,
    OptionalInt maxTokens,
    List<String> stop,
    Optional<String> systemPrepend,
    Optional<String> systemAppend) {
  public static final Overrides NONE =
      new Overrides(
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalInt.empty(),
          List.of(),
          Optional.empty(),
          Optional.empty());

  public Overrides {
    stop = List.copyOf(stop);
  }
}
