package dev.changeover.operator.status;

import dev.changeover.contract.HoldSet;
import dev.changeover.contract.Mode;
import dev.changeover.contract.Reason;
import dev.changeover.crds.LlmProviderStatus;
import dev.changeover.operator.health.WindowSum;
import dev.changeover.operator.model.Problem;
import dev.changeover.operator.model.ProviderModel;
import dev.changeover.operator.model.ProviderResource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How one provider fares, and why.
 *
 * @param reason the public word of the cause; empty where nothing is wrong
 * @param message what is going on and what to do; empty where nothing is wrong
 * @param hold the hold that is the cause, if it is one
 */
record ProviderVerdict(
    ProviderState state, Optional<String> reason, String message, Optional<Held> hold) {
  /** A provider that nobody asks is taken at its word after this long. */
  static final Duration RECOVERING_MAX = Duration.ofSeconds(60);

  /** Attempts in the window below which the success rate says nothing. */
  private static final int REQUESTS_MIN = 10;

  private static final int FAILURES_MIN = 3;

  static ProviderVerdict of(
      Pass pass, ProviderResource resource, Optional<LlmProviderStatus> before) {
    Optional<ProviderModel> model = pass.model().provider(resource.name());
    if (model.isEmpty()) {
      return pass.problems(resource.ref()).stream()
          .findFirst()
          .map(ProviderVerdict::invalid)
          .orElseThrow(() -> new IllegalStateException("left out without a problem"));
    }
    if (model.get().mode() == Mode.DRAINED) {
      return new ProviderVerdict(
          ProviderState.DRAINED,
          Optional.of("Drained"),
          "It takes no requests because spec.mode is Drained.",
          Optional.empty());
    }
    return lastKnown(pass, before)
        .or(() -> held(pass, model.get()))
        .or(() -> failing(pass, model.get(), before))
        .or(() -> recovering(pass, model.get(), before))
        .orElseGet(() -> quiet(pass, model.get(), before));
  }

  private static ProviderVerdict invalid(Problem problem) {
    return new ProviderVerdict(
        ProviderState.INVALID,
        Optional.of(problem.reason().word()),
        problem.message(),
        Optional.empty());
  }

  private static Optional<ProviderState> state(Optional<LlmProviderStatus> before) {
    return before.flatMap(status -> ProviderState.ofWord(status.state()));
  }

  /** Without a gateway nobody knows better than what was known last. */
  private static Optional<ProviderVerdict> lastKnown(
      Pass pass, Optional<LlmProviderStatus> before) {
    if (!pass.health().gateways().isEmpty()) {
      return Optional.empty();
    }
    return state(before)
        .filter(ProviderState::isEvidence)
        .map(state ->
            new ProviderVerdict(
                state,
                before.map(LlmProviderStatus::reason),
                Times.lastKnown(before.map(LlmProviderStatus::message)),
                Optional.empty()));
  }

  private static Optional<ProviderVerdict> held(Pass pass, ProviderModel provider) {
    List<HoldSet> views = pass.views();
    List<Held> whole =
        views.stream().flatMap(view -> Held.whole(pass, view, provider).stream()).toList();
    if (!whole.isEmpty() && whole.size() == views.size()) {
      boolean ban = whole.getFirst().hold().reason() == Reason.ACCOUNT_DISABLED;
      ProviderState state = ban ? ProviderState.BANNED : ProviderState.UNAVAILABLE;
      return Optional.of(by(state, whole.getFirst(), provider, whole.size(), views.size()));
    }
    List<Held> partly =
        views.stream()
            .flatMap(view ->
                Held.whole(pass, view, provider).or(() -> Held.part(pass, view, provider)).stream())
            .toList();
    return partly.stream()
        .findFirst()
        .map(first -> by(ProviderState.DEGRADED, first, provider, partly.size(), views.size()));
  }

  private static ProviderVerdict by(
      ProviderState state, Held held, ProviderModel provider, int gateways, int of) {
    return new ProviderVerdict(
        state,
        Optional.of(held.hold().reason().word()),
        Sentences.hold(held, provider, gateways, of),
        Optional.of(held));
  }

  private static Optional<ProviderVerdict> failing(
      Pass pass, ProviderModel provider, Optional<LlmProviderStatus> before) {
    WindowSum window = pass.health().window(provider.name());
    boolean wasDegraded = state(before).equals(Optional.of(ProviderState.DEGRADED));
    int limit = provider.alerts().successRateBelow() + (wasDegraded ? 1 : 0); // no flapping
    boolean failing =
        window.requests() >= REQUESTS_MIN
            && window.failures() >= FAILURES_MIN
            && window.successPercent().orElse(100) < Math.min(limit, 100);
    if (!failing) {
      return Optional.empty();
    }
    String word = window.commonestFailure().map(Reason::word).orElse("ServerError");
    return Optional.of(
        new ProviderVerdict(
            ProviderState.DEGRADED,
            Optional.of(word),
            "Fewer than %d %% of its attempts succeed: %s is the most frequent failure."
                .formatted(provider.alerts().successRateBelow(), word),
            Optional.empty()));
  }

  /** Not held any more, and no success since that was found. */
  private static Optional<ProviderVerdict> recovering(
      Pass pass, ProviderModel provider, Optional<LlmProviderStatus> before) {
    Optional<ProviderState> state = state(before);
    boolean wasOut =
        state.equals(Optional.of(ProviderState.UNAVAILABLE))
            || state.equals(Optional.of(ProviderState.BANNED));
    boolean stays =
        state.equals(Optional.of(ProviderState.RECOVERING))
            && before
                .flatMap(status -> Times.parse(status.since()))
                .filter(since -> isUnproven(pass, provider, since))
                .isPresent();
    if (!wasOut && !stays) {
      return Optional.empty();
    }
    return Optional.of(
        new ProviderVerdict(
            ProviderState.RECOVERING,
            before.map(LlmProviderStatus::reason),
            "It takes requests again; the first answer will show that it serves.",
            Optional.empty()));
  }

  private static boolean isUnproven(Pass pass, ProviderModel provider, Instant since) {
    boolean served =
        pass.health()
            .window(provider.name())
            .lastSuccess()
            .filter(success -> success.isAfter(since))
            .isPresent();
    return !served && pass.now().isBefore(since.plus(RECOVERING_MAX));
  }

  private static ProviderVerdict quiet(
      Pass pass, ProviderModel provider, Optional<LlmProviderStatus> before) {
    WindowSum window = pass.health().window(provider.name());
    boolean evidence =
        window.requests() > 0
            || window.lastSuccess().isPresent()
            || state(before).filter(ProviderState::isEvidence).isPresent();
    return new ProviderVerdict(
        evidence ? ProviderState.AVAILABLE : ProviderState.UNKNOWN,
        Optional.empty(),
        "",
        Optional.empty());
  }

  /** The condition Available. */
  Conditions.Draft available() {
    String because = reason.orElse(state.word());
    return switch (state) {
      case AVAILABLE -> Conditions.Draft.yes("Available", "It takes requests.");
      case DEGRADED -> Conditions.Draft.yes("Degraded", message);
      case RECOVERING -> Conditions.Draft.yes("Recovering", message);
      case UNAVAILABLE, BANNED, DRAINED, INVALID -> Conditions.Draft.no(because, message);
      case UNKNOWN -> Conditions.Draft.unknown("NoTraffic", "No request was ever sent to it.");
    };
  }
}
