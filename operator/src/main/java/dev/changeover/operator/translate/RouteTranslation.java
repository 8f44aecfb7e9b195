package dev.changeover.operator.translate;

import dev.changeover.contract.Attempts;
import dev.changeover.contract.Mode;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.Overrides;
import dev.changeover.contract.RouteConfig;
import dev.changeover.contract.Strategy;
import dev.changeover.contract.TargetConfig;
import dev.changeover.crds.LlmRouteSpec;
import dev.changeover.crds.LlmRouteSpec.Target;
import dev.changeover.operator.model.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one route means, and what is wrong with it.
 *
 * @param config empty if the route owns no model name: then no caller can ask for it
 */
record RouteTranslation(Optional<RouteConfig> config, List<Problem> problems) {
  RouteTranslation {
    problems = List.copyOf(problems);
  }

  static RouteTranslation of(RouteInput input) {
    return Finding.first(RouteRules.NAMES, input)
        .or(() -> Finding.first(RouteRules.OWNERSHIP, input))
        .map(finding -> new RouteTranslation(Optional.empty(), List.of(problem(input, finding))))
        .orElseGet(() -> owning(input));
  }

  private static RouteTranslation owning(RouteInput input) {
    Optional<Finding> finding = Finding.first(RouteRules.TEXT, input);
    if (finding.isPresent()) {
      return closed(input, finding.get());
    }
    try {
      return resolved(input);
    } catch (IllegalArgumentException e) { // the contract's records refuse what is impossible
      return closed(
          input, new Finding(Problem.Reason.INVALID_SPEC, String.valueOf(e.getMessage())));
    }
  }

  /** A route that keeps its names, so that callers are told what is wrong instead of "unknown". */
  private static RouteTranslation closed(RouteInput input, Finding finding) {
    List<TargetConfig> targets = new ArrayList<>();
    for (Target target : input.spec().targets()) {
      RouteRules.provider(input, target)
          .ifPresent(provider -> targets.add(unusable(target, provider, finding)));
    }
    var config =
        new RouteConfig(
            input.resource().name(),
            input.spec().models(),
            Words.strategy(input.spec().strategy()).orElse(Strategy.PRIORITY),
            targets,
            Attempts.DEFAULT,
            Words.mode(input.spec().mode()).orElse(Mode.ACTIVE));
    return new RouteTranslation(Optional.of(config), List.of(problem(input, finding)));
  }

  private static RouteTranslation resolved(RouteInput input) {
    LlmRouteSpec spec = input.spec();
    var config =
        new RouteConfig(
            input.resource().name(),
            spec.models(),
            Words.strategy(spec.strategy()).orElseThrow(IllegalArgumentException::new),
            spec.targets().stream().map(target -> target(input, target)).toList(),
            new Attempts(
                spec.attempts().max(),
                Durations.read("attempts.deadline", spec.attempts().deadline()),
                Durations.read("attempts.waitOut", spec.attempts().waitOut())),
            Words.mode(spec.mode()).orElseThrow(IllegalArgumentException::new));
    List<Problem> problems =
        Finding.first(RouteRules.REFERENCES, input).stream()
            .map(finding -> problem(input, finding))
            .toList();
    return new RouteTranslation(Optional.of(config), problems);
  }

  private static TargetConfig target(RouteInput input, Target target) {
    ObjectName provider =
        RouteRules.provider(input, target).orElseThrow(IllegalArgumentException::new);
    Optional<Finding> finding = RouteRules.reference(input, target);
    if (finding.isPresent()) {
      return unusable(target, provider, finding.get());
    }
    return switch (input.providers().get(provider)) {
      case ProviderStanding.Usable _ ->
          new TargetConfig.Usable(
              target.displayName(), provider, target.model(), overrides(target.overrides()));
      case ProviderStanding.Closed(Problem.Reason reason, _) ->
          unusable(target, provider, notUsable(provider, reason));
      case ProviderStanding.Unreadable() ->
          unusable(target, provider, notUsable(provider, Problem.Reason.INVALID_SPEC));
      case null -> throw new IllegalStateException("a missing provider is a finding");
    };
  }

  /** Only the provider's own status says more: it may belong to another namespace. */
  private static Finding notUsable(ObjectName provider, Problem.Reason reason) {
    return new Finding(
        reason,
        "LlmProvider %s cannot be used: %s; its status says what to do"
            .formatted(provider, reason));
  }

  private static TargetConfig unusable(Target target, ObjectName provider, Finding finding) {
    return new TargetConfig.Unusable(
        target.displayName(), provider, target.model(), finding.reason().word(), finding.message());
  }

  private static Overrides overrides(LlmRouteSpec.@Nullable Overrides written) {
    if (written == null) {
      return Overrides.NONE;
    }
    LlmRouteSpec.@Nullable SystemPrompt system = written.system();
    return new Overrides(
        optional(written.temperature()),
        optional(written.topP()),
        written.maxTokens() == null ? OptionalInt.empty() : OptionalInt.of(written.maxTokens()),
        written.stop(),
        text(system, LlmRouteSpec.SystemPrompt::prepend),
        text(system, LlmRouteSpec.SystemPrompt::append));
  }

  private static Optional<String> text(
      LlmRouteSpec.@Nullable SystemPrompt system,
      Function<LlmRouteSpec.SystemPrompt, @Nullable String> part) {
    return system == null ? Optional.empty() : Optional.ofNullable(part.apply(system));
  }

  private static OptionalDouble optional(@Nullable Double value) {
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  private static Problem problem(RouteInput input, Finding finding) {
    return finding.of(input.resource().ref());
  }
}
