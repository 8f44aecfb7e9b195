package dev.changeover.operator.status;

import dev.changeover.contract.HoldSet;
import dev.changeover.contract.Mode;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.Reason;
import dev.changeover.contract.TargetConfig;
import dev.changeover.operator.model.ProviderModel;
import java.util.Optional;

/** Whether one gateway would send a request to one target. */
sealed interface TargetVerdict {
  /** It would. */
  record Admits() implements TargetVerdict {}

  /** It would not, for a hold. */
  record IsHeld(Held held, ProviderModel provider) implements TargetVerdict {}

  /** It would not, since a person has drained the provider. */
  record IsDrained(ObjectName provider) implements TargetVerdict {}

  /** It cannot. */
  record IsUnusable(String word, String sentence) implements TargetVerdict {}

  static TargetVerdict of(Pass pass, HoldSet view, TargetConfig target) {
    return switch (target) {
      case TargetConfig.Unusable(_, _, _, String reason, String message) ->
          new IsUnusable(reason, message);
      case TargetConfig.Usable usable -> {
        ProviderModel provider =
            pass.model()
                .provider(usable.provider())
                .orElseThrow(() -> new IllegalStateException("usable without a provider"));
        if (provider.mode() == Mode.DRAINED) {
          yield new IsDrained(provider.name());
        }
        yield Held.target(pass, view, provider, usable.model())
            .<TargetVerdict>map(held -> new IsHeld(held, provider))
            .orElse(new Admits());
      }
    };
  }

  /** Whether it would be tried rather than nothing. */
  default boolean isLastResort() {
    return switch (this) {
      case IsHeld(Held held, _) -> held.hold().reason().certainty() == Reason.Certainty.SOFT;
      case Admits(), IsDrained _, IsUnusable _ -> false;
    };
  }

  default boolean admits() {
    return this instanceof Admits;
  }

  /** Why not, in one public word; empty if it would. */
  default Optional<String> reason() {
    return switch (this) {
      case Admits() -> Optional.empty();
      case IsHeld(Held held, _) -> Optional.of(held.hold().reason().word());
      case IsDrained _ -> Optional.of("Drained");
      case IsUnusable(String word, _) -> Optional.of(word);
    };
  }

  /** Why not, in a sentence; empty if it would. */
  default String message() {
    return switch (this) {
      case Admits() -> "";
      case IsHeld(Held held, ProviderModel provider) -> Sentences.hold(held, provider, 1, 1);
      case IsDrained(ObjectName provider) ->
          "LlmProvider %s is drained by its spec.mode.".formatted(provider);
      case IsUnusable(_, String sentence) -> sentence;
    };
  }

  /** The state of the target, in one public word. */
  default String state() {
    return switch (this) {
      case Admits() -> "Available";
      case IsHeld _ -> "Held";
      case IsDrained _ -> "Drained";
      case IsUnusable _ -> "Unusable";
    };
  }
}
