package dev.changeover.operator.status;

import dev.changeover.contract.Mode;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.RouteConfig;
import dev.changeover.contract.RouteFigures;
import dev.changeover.contract.TargetConfig;
import dev.changeover.crds.LlmRouteSpec;
import dev.changeover.crds.LlmRouteStatus;
import dev.changeover.crds.SpecReading;
import dev.changeover.operator.health.Acknowledgement;
import dev.changeover.operator.model.ConditionType;
import dev.changeover.operator.model.RouteResource;
import dev.changeover.operator.model.RuleReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One route's status in the words of the resource. */
final class RouteStatusWriter {
  private RouteStatusWriter() {}

  static LlmRouteStatus status(Pass pass, RouteResource resource, Optional<LlmRouteStatus> before) {
    RouteVerdict verdict = RouteVerdict.of(pass, resource, before);
    Optional<RouteConfig> route = pass.model().route(resource.name());
    Acknowledgement acknowledgement =
        pass.health().acknowledgement(resource.ref(), pass.input().view().gateways());
    Conditions conditions = conditions(pass, resource, before, verdict, acknowledgement);
    Transitions transitions = transitions(pass, before, verdict);
    String serving = String.join(",", verdict.serving());
    return LlmRouteStatus.builder()
        .observedGeneration(resource.generation())
        .models(models(resource))
        .state(verdict.state().word())
        .reason(verdict.reason().orElse(null))
        .ready(conditions.draft(ConditionType.READY).map(Conditions.Draft::status).orElse(null))
        .since(transitions.since())
        .message(conditions.message(verdict.message()))
        .serving(serving.isEmpty() ? Figures.NONE : serving)
        .preferred(route.flatMap(RouteOutlook::preferred).orElse(Figures.NONE))
        .chain(chain(resource))
        .gateways(Gateways.text(acknowledgement))
        .lastFailover(lastFailover(pass, resource.name(), before))
        .targets(route.map(config -> targets(pass, config)).orElse(List.of()))
        .transitions(transitions.all())
        .conditions(conditions.build())
        .build();
  }

  private static Conditions conditions(
      Pass pass,
      RouteResource resource,
      Optional<LlmRouteStatus> before,
      RouteVerdict verdict,
      Acknowledgement acknowledgement) {
    Conditions conditions =
        new Conditions(
            pass.now(),
            resource.generation(),
            before.map(LlmRouteStatus::conditions).orElse(List.of()));
    conditions.setProblems(pass.problems(resource.ref()));
    conditions.setProgrammed(acknowledgement);
    conditions.set(ConditionType.AVAILABLE, verdict.available());
    conditions.setReady();
    conditions.set(ConditionType.FAILED_OVER, verdict.failedOver());
    boolean watched =
        pass.model()
            .route(resource.name())
            .filter(route -> route.mode() == Mode.ACTIVE)
            .isPresent();
    conditions.setAlerts(
        pass.input(), RuleReport.ruleOfRoutes(resource.name().namespace()), watched);
    return conditions;
  }

  private static Transitions transitions(
      Pass pass, Optional<LlmRouteStatus> before, RouteVerdict verdict) {
    @Nullable String state = before.map(LlmRouteStatus::state).orElse(null);
    @Nullable String since = before.map(LlmRouteStatus::since).orElse(null);
    return Transitions.next(
        state,
        since,
        before.map(LlmRouteStatus::transitions).orElse(List.of()),
        Transitions.to(pass.now(), state, verdict.state().word(), verdict.reason().orElse(null)));
  }

  private static String models(RouteResource resource) {
    return switch (resource.reading()) {
      case SpecReading.Bound<LlmRouteSpec>(LlmRouteSpec spec) -> String.join(",", spec.models());
      case SpecReading.Unbound<LlmRouteSpec> _ -> Figures.NONE;
    };
  }

  private static String chain(RouteResource resource) {
    return switch (resource.reading()) {
      case SpecReading.Bound<LlmRouteSpec>(LlmRouteSpec spec) ->
          spec.targets().stream()
              .map(LlmRouteSpec.Target::displayName)
              .collect(Collectors.joining(" > "));
      case SpecReading.Unbound<LlmRouteSpec> _ -> Figures.NONE;
    };
  }

  private static @Nullable String lastFailover(
      Pass pass, ObjectName route, Optional<LlmRouteStatus> before) {
    Stream<Instant> said =
        pass.figures(route).stream().map(RouteFigures::lastFailover).flatMap(Optional::stream);
    Stream<Instant> told = before.map(LlmRouteStatus::lastFailover).flatMap(Times::parse).stream();
    return Stream.concat(said, told).max(Instant::compareTo).map(Times::text).orElse(null);
  }

  /** How each target stands: as at the gateway where it stands worst. */
  private static List<LlmRouteStatus.Target> targets(Pass pass, RouteConfig route) {
    List<LlmRouteStatus.Target> targets = new ArrayList<>();
    for (TargetConfig target : route.targets()) {
      List<TargetVerdict> verdicts =
          pass.views().stream().map(view -> TargetVerdict.of(pass, view, target)).toList();
      TargetVerdict worst =
          verdicts.stream()
              .filter(verdict -> !verdict.admits())
              .findFirst()
              .orElse(new TargetVerdict.Admits());
      targets.add(
          new LlmRouteStatus.Target(
              target.name(),
              target.provider().namespace().equals(route.name().namespace())
                  ? target.provider().name()
                  : target.provider().toString(),
              target.model(),
              worst.state(),
              worst.reason().orElse(null),
              worst.message().isEmpty() ? null : worst.message()));
    }
    return targets;
  }
}
