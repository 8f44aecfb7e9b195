package dev.changeover.operator.translate;

import dev.changeover.contract.ObjectName;
import dev.changeover.crds.LlmProviderSpec.AllowedNamespaces;
import dev.changeover.crds.LlmRouteSpec;
import dev.changeover.crds.LlmRouteSpec.Overrides;
import dev.changeover.crds.LlmRouteSpec.Target;
import dev.changeover.operator.model.Problem;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks of one route, of its own text and of what it refers to. */
final class RouteRules {
  /** Whether the names that callers ask for are names: only then can the route own them. */
  static final List<Function<RouteInput, Optional<Finding>>> NAMES =
      List.of(RouteRules::hasNoModel, RouteRules::modelIsNone, RouteRules::modelRepeats);

  /** Whether an older route of the namespace has one of the names. */
  static final List<Function<RouteInput, Optional<Finding>>> OWNERSHIP =
      List.of(RouteRules::modelIsTaken);

  /** Whether the rest of the text makes sense. */
  static final List<Function<RouteInput, Optional<Finding>>> TEXT =
      List.of(
          RouteRules::strategyIsUnknown,
          RouteRules::modeIsUnknown,
          RouteRules::hasNoTarget,
          RouteRules::targetIsNone,
          RouteRules::targetNameRepeats,
          RouteRules::overrideIsOutOfRange);

  /** Whether what it refers to exists and may be used. */
  static final List<Function<RouteInput, Optional<Finding>>> REFERENCES =
      List.of(RouteRules::providerIsMissing, RouteRules::providerIsNotAllowed);

  private static final int MODELS_MAX = 32;
  private static final int TARGETS_MAX = 16;
  private static final int SYSTEM_MAX = 16_384;
  private static final Pattern MODEL = Pattern.compile("\\S{1,256}");
  private static final Pattern STAR_INSIDE = Pattern.compile("[*].");

  private RouteRules() {}

  private static Optional<Finding> hasNoModel(RouteInput input) {
    int count = input.spec().models().size();
    return count >= 1 && count <= MODELS_MAX
        ? Optional.empty()
        : Finding.invalid("models needs 1 to " + MODELS_MAX + " names that callers ask for");
  }

  private static Optional<Finding> modelIsNone(RouteInput input) {
    boolean good =
        input.spec().models().stream()
            .allMatch(
                model -> MODEL.matcher(model).matches() && !STAR_INSIDE.matcher(model).find());
    return good
        ? Optional.empty()
        : Finding.invalid(
            "models have 1 to 256 characters without white space, and a * only at the end");
  }

  private static Optional<Finding> modelRepeats(RouteInput input) {
    return ProviderRules.repeated(input.spec().models())
        .flatMap(model -> Finding.invalid("models has '" + model + "' twice: remove one"));
  }

  private static Optional<Finding> modelIsTaken(RouteInput input) {
    for (String model : input.spec().models()) {
      var claim = new RouteInput.ModelClaim(input.resource().name().namespace(), model);
      @Nullable ObjectName owner = input.owners().get(claim);
      if (owner != null) {
        return Optional.of(
            new Finding(
                Problem.Reason.CONFLICTED,
                ("model '%s' belongs to the older LlmRoute %s, so this route takes no requests;"
                        + " remove the name from one of them")
                    .formatted(model, owner)));
      }
    }
    return Optional.empty();
  }

  private static Optional<Finding> strategyIsUnknown(RouteInput input) {
    return Words.strategy(input.spec().strategy()).isPresent()
        ? Optional.empty()
        : Finding.unsupported("strategy is none of those known here: " + Words.strategies());
  }

  private static Optional<Finding> modeIsUnknown(RouteInput input) {
    return Words.mode(input.spec().mode()).isPresent()
        ? Optional.empty()
        : Finding.unsupported("mode must be Active or Drained");
  }

  private static Optional<Finding> hasNoTarget(RouteInput input) {
    int count = input.spec().targets().size();
    return count >= 1 && count <= TARGETS_MAX
        ? Optional.empty()
        : Finding.invalid("targets needs 1 to " + TARGETS_MAX + " models that may answer");
  }

  private static Optional<Finding> targetIsNone(RouteInput input) {
    boolean good =
        input.spec().targets().stream()
            .allMatch(target ->
                provider(input, target).isPresent()
                    && MODEL.matcher(target.model()).matches()
                    && !target.displayName().isEmpty());
    return good
        ? Optional.empty()
        : Finding.invalid(
            "targets need a providerRef that names an LlmProvider and a model without white space");
  }

  private static Optional<Finding> targetNameRepeats(RouteInput input) {
    return ProviderRules.repeated(input.spec().targets().stream().map(Target::displayName).toList())
        .flatMap(name ->
            Finding.invalid(
                "targets has two named '" + name + "': give one of them a name of its own"));
  }

  private static Optional<Finding> overrideIsOutOfRange(RouteInput input) {
    return input.spec().targets().stream()
        .filter(target -> !inRange(target.overrides()))
        .findFirst()
        .flatMap(target ->
            Finding.invalid(
                "overrides of target "
                    + target.displayName()
                    + ": temperature is 0 to 2, topP 0 to 1, maxTokens at least 1, stop at most 16"
                    + " texts, system at most "
                    + SYSTEM_MAX
                    + " characters"));
  }

  private static boolean inRange(@Nullable Overrides overrides) {
    if (overrides == null) {
      return true;
    }
    LlmRouteSpec.@Nullable SystemPrompt system = overrides.system();
    return within(overrides.temperature(), 2)
        && within(overrides.topP(), 1)
        && (overrides.maxTokens() == null || overrides.maxTokens() >= 1)
        && overrides.stop().size() <= 16
        && overrides.stop().stream().noneMatch(String::isEmpty)
        && (system == null || (fits(system.prepend()) && fits(system.append())));
  }

  private static boolean within(@Nullable Double value, double max) {
    return value == null || (value >= 0 && value <= max);
  }

  private static boolean fits(@Nullable String text) {
    return text == null || text.length() <= SYSTEM_MAX;
  }

  private static Optional<Finding> providerIsMissing(RouteInput input) {
    return input.spec().targets().stream()
        .flatMap(target -> missing(input, target).stream())
        .findFirst();
  }

  private static Optional<Finding> providerIsNotAllowed(RouteInput input) {
    return input.spec().targets().stream()
        .flatMap(target -> notAllowed(input, target).stream())
        .findFirst();
  }

  /** What is wrong with one target's reference. */
  static Optional<Finding> reference(RouteInput input, Target target) {
    return missing(input, target).or(() -> notAllowed(input, target));
  }

  private static Optional<Finding> missing(RouteInput input, Target target) {
    return provider(input, target)
        .filter(provider -> !input.providers().containsKey(provider))
        .map(provider ->
            new Finding(
                Problem.Reason.PROVIDER_NOT_FOUND,
                "target %s: there is no LlmProvider %s; create it, or change providerRef"
                    .formatted(target.displayName(), provider)));
  }

  private static Optional<Finding> notAllowed(RouteInput input, Target target) {
    String namespace = input.resource().name().namespace();
    return provider(input, target)
        .filter(provider -> !provider.namespace().equals(namespace))
        .filter(provider -> !allowed(input.providers().get(provider), namespace))
        .map(provider ->
            new Finding(
                Problem.Reason.REF_NOT_PERMITTED,
                ("target %s: LlmProvider %s does not allow routes of namespace %s; its owner can"
                        + " add it under allowedNamespaces")
                    .formatted(target.displayName(), provider, namespace)));
  }

  private static boolean allowed(@Nullable ProviderStanding standing, String namespace) {
    return switch (standing) {
      case null -> false;
      case ProviderStanding.Usable(_, AllowedNamespaces allowed) -> allows(allowed, namespace);
      case ProviderStanding.Closed(_, AllowedNamespaces allowed) -> allows(allowed, namespace);
      case ProviderStanding.Unreadable() -> false; // nothing is granted that could not be read
    };
  }

  private static boolean allows(AllowedNamespaces allowed, String namespace) {
    return switch (allowed.from()) {
      case "All" -> true;
      case "Names" -> allowed.names().contains(namespace);
      default -> false; // Same, and any word that is not known
    };
  }

  /** The provider that a target names; empty if that is no name. */
  static Optional<ObjectName> provider(RouteInput input, Target target) {
    @Nullable String written = target.providerRef().namespace();
    String namespace = written == null ? input.resource().name().namespace() : written;
    try {
      return Optional.of(new ObjectName(namespace, target.providerRef().name()));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
