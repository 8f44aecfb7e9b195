package dev.changeover.gateway.attempt;

import dev.changeover.gateway.classify.Classifier;
import dev.changeover.gateway.classify.Outcome.Failure;
import java.util.Optional;

/** How one attempt ended. */
sealed interface AttemptEnd {
  /** The caller has the whole answer; {@code declined} when that is a refusal. */
  record Complete(Optional<Failure> declined) implements AttemptEnd {}

  /** The caller has a beginning, and an error behind it. */
  record BrokenOff(Failure why) implements AttemptEnd {}

  /**
   * The caller has nothing. {@code otherwise} is what is recorded in place of {@code why} where
   * nothing is held against the provider.
   */
  record Failed(Failure why, Optional<Failure> otherwise) implements AttemptEnd {
    Failed(Failure why) {
      this(why, Optional.empty());
    }
  }

  /** The caller went away, before or after an answer had begun. */
  record CallerLeft(boolean begun) implements AttemptEnd {}

  /** Whether the caller saw anything of this attempt. */
  default boolean answered() {
    return switch (this) {
      case Complete _, BrokenOff _ -> true;
      case CallerLeft(boolean begun) -> begun;
      case Failed _ -> false;
    };
  }

  /** What the records say of it. */
  default Optional<Failure> recorded() {
    return switch (this) {
      case Complete(Optional<Failure> declined) -> declined;
      case BrokenOff(Failure why) -> Optional.of(why);
      case Failed(Failure why, Optional<Failure> otherwise) -> otherwise.or(() -> Optional.of(why));
      case CallerLeft _ -> Optional.of(Classifier.clientCancelled());
    };
  }
}
