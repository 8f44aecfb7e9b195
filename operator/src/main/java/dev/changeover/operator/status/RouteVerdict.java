package dev.changeover.operator.status;

import dev.changeover.contract.Mode;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.RouteConfig;
import dev.changeover.contract.RouteFigures;
import dev.changeover.contract.TargetConfig;
import dev.changeover.crds.LlmRouteStatus;
import dev.changeover.operator.health.WindowSum;
import dev.changeover.operator.model.ConditionType;
import dev.changeover.operator.model.Problem;
import dev.changeover.operator.model.RouteResource;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How one route fares, and why.
 *
 * @param reason the public word of the cause; empty where nothing is wrong
 * @param message what is going on and what to do; empty where nothing is wrong
 * @param serving who answers now, by name
 * @param cause the provider that is the cause, if one is
 */
record RouteVerdict(
    RouteState state,
    Optional<String> reason,
    String message,
    List<String> serving,
    Optional<ObjectName> cause) {

  static RouteVerdict of(Pass pass, RouteResource resource, Optional<LlmRouteStatus> before) {
    Optional<Problem> refused =
        pass.problems(resource.ref()).stream()
            .filter(problem -> problem.condition() == ConditionType.ACCEPTED)
            .findFirst();
    if (refused.isPresent()) {
      return verdict(RouteState.INVALID, refused.get().reason().word(), refused.get().message());
    }
    RouteConfig route =
        pass.model()
            .route(resource.name())
            .orElseThrow(() -> new IllegalStateException("left out without a problem"));
    if (route.mode() == Mode.DRAINED) {
      return verdict(
          RouteState.DRAINED, "Drained", "It takes no requests because spec.mode is Drained.");
    }
    List<RouteOutlook> outlooks =
        pass.views().stream().map(view -> RouteOutlook.of(pass, view, route)).toList();
    return lastKnown(pass, before)
        .or(() -> troubled(outlooks, route))
        .or(() -> failingBack(pass, outlooks, route, before))
        .orElseGet(() -> quiet(pass, outlooks, route, before));
  }

  private static RouteVerdict verdict(RouteState state, String reason, String message) {
    return new RouteVerdict(state, Optional.of(reason), message, List.of(), Optional.empty());
  }

  private static Optional<RouteState> state(Optional<LlmRouteStatus> before) {
    return before.flatMap(status -> RouteState.ofWord(status.state()));
  }

  /** Without a gateway nobody knows better than what was known last. */
  private static Optional<RouteVerdict> lastKnown(Pass pass, Optional<LlmRouteStatus> before) {
    if (!pass.health().gateways().isEmpty()) {
      return Optional.empty();
    }
    return state(before)
        .filter(RouteState::isEvidence)
        .map(state ->
            new RouteVerdict(
                state,
                before.map(LlmRouteStatus::reason),
                Times.lastKnown(before.map(LlmRouteStatus::message)),
                before.map(LlmRouteStatus::serving).stream().toList(),
                Optional.empty()));
  }

  private static Optional<RouteVerdict> troubled(List<RouteOutlook> outlooks, RouteConfig route) {
    RouteOutlook worst = outlooks.getFirst();
    long none = 0;
    long other = 0;
    for (RouteOutlook outlook : outlooks) {
      worst = outlook.kind().compareTo(worst.kind()) > 0 ? outlook : worst;
      none += outlook.kind() == RouteOutlook.Kind.NONE ? 1 : 0;
      other += outlook.kind() == RouteOutlook.Kind.PREFERRED ? 0 : 1;
    }
    String who =
        other == outlooks.size()
            ? ""
            : "On %s: ".formatted(Sentences.heldBy((int) other, outlooks.size()));
    return switch (worst.kind()) {
      case PREFERRED -> Optional.empty();
      case OTHER -> Optional.of(out(RouteState.FAILED_OVER, worst, route, who));
      case LAST_RESORT -> Optional.of(lastResort(worst, route, who));
      case NONE ->
          Optional.of(
              none == outlooks.size()
                  ? out(RouteState.EXHAUSTED, worst, route, "No target takes requests. ")
                  : lastResort(worst, route, who));
    };
  }

  private static RouteVerdict lastResort(RouteOutlook outlook, RouteConfig route, String who) {
    RouteVerdict out = out(RouteState.DEGRADED, outlook, route, who + "every target is held. ");
    return new RouteVerdict(
        out.state(), Optional.of("LastResort"), out.message(), out.serving(), out.cause());
  }

  private static RouteVerdict out(
      RouteState state, RouteOutlook outlook, RouteConfig route, String before) {
    int index = outlook.firstOut().orElse(0);
    TargetConfig target = route.targets().get(index);
    TargetVerdict verdict = outlook.targets().get(index);
    return new RouteVerdict(
        state,
        verdict.reason(),
        before + "Target " + target.name() + ": " + verdict.message(),
        outlook.serving(route),
        Optional.of(target.provider()));
  }

  /** Everything takes requests again, and the preferred target has not answered since. */
  private static Optional<RouteVerdict> failingBack(
      Pass pass, List<RouteOutlook> outlooks, RouteConfig route, Optional<LlmRouteStatus> before) {
    Optional<RouteState> state = state(before);
    boolean wasOut =
        state.equals(Optional.of(RouteState.FAILED_OVER))
            || state.equals(Optional.of(RouteState.DEGRADED))
            || state.equals(Optional.of(RouteState.EXHAUSTED));
    boolean stays =
        state.equals(Optional.of(RouteState.FAILING_BACK))
            && before
                .flatMap(status -> Times.parse(status.since()))
                .filter(since -> isUnproven(pass, route, since))
                .isPresent();
    if (!wasOut && !stays) {
      return Optional.empty();
    }
    return Optional.of(
        new RouteVerdict(
            RouteState.FAILING_BACK,
            before.map(LlmRouteStatus::reason),
            "Its targets take requests again; the next answer will show that they serve.",
            outlooks.getFirst().serving(route),
            Optional.empty()));
  }

  private static boolean isUnproven(Pass pass, RouteConfig route, Instant since) {
    boolean served =
        lastSuccess(pass, route.targets().getFirst())
            .filter(success -> success.isAfter(since))
            .isPresent();
    return !served && pass.now().isBefore(since.plus(ProviderVerdict.RECOVERING_MAX));
  }

  private static Optional<Instant> lastSuccess(Pass pass, TargetConfig target) {
    WindowSum window = pass.health().window(target.provider(), target.model());
    return window.lastSuccess();
  }

  private static RouteVerdict quiet(
      Pass pass, List<RouteOutlook> outlooks, RouteConfig route, Optional<LlmRouteStatus> before) {
    List<RouteFigures> figures = pass.figures(route.name());
    boolean evidence =
        figures.stream().anyMatch(said -> said.requests() > 0 || said.serving().isPresent())
            || state(before).filter(RouteState::isEvidence).isPresent();
    return new RouteVerdict(
        evidence ? RouteState.AVAILABLE : RouteState.UNKNOWN,
        Optional.empty(),
        "",
        outlooks.getFirst().serving(route),
        Optional.empty());
  }

  /** The condition Available. */
  Conditions.Draft available() {
    String because = reason.orElse(state.word());
    return switch (state) {
      case AVAILABLE -> Conditions.Draft.yes("Available", "It is served.");
      case FAILED_OVER -> Conditions.Draft.yes("Available", "Another target serves. " + message);
      case FAILING_BACK -> Conditions.Draft.yes("Recovering", message);
      case DEGRADED -> Conditions.Draft.yes("LastResort", message);
      case EXHAUSTED -> Conditions.Draft.no("Exhausted", message);
      case DRAINED, INVALID -> Conditions.Draft.no(because, message);
      case UNKNOWN -> Conditions.Draft.unknown("NoTraffic", "No request ever asked for it.");
    };
  }

  /** The condition FailedOver. */
  Conditions.Draft failedOver() {
    String because = reason.orElse(state.word());
    return switch (state) {
      case FAILED_OVER, DEGRADED, EXHAUSTED -> Conditions.Draft.yes(because, message);
      case AVAILABLE, FAILING_BACK ->
          Conditions.Draft.no("PreferredServing", "The preferred target takes the requests.");
      case DRAINED, INVALID -> Conditions.Draft.no(because, message);
      case UNKNOWN -> Conditions.Draft.no("PreferredServing", "The preferred target is first.");
    };
  }
}
