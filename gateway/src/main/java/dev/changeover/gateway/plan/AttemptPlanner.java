package dev.changeover.gateway.plan;

import dev.changeover.contract.KeyRef;
import dev.changeover.contract.Mode;
import dev.changeover.contract.ModelFacts;
import dev.changeover.contract.ProviderConfig;
import dev.changeover.contract.Reason;
import dev.changeover.contract.TargetConfig;
import dev.changeover.gateway.classify.Outcome;
import dev.changeover.gateway.classify.Outcome.Failure;
import dev.changeover.gateway.health.Admission;
import dev.changeover.gateway.health.HealthView;
import dev.changeover.gateway.health.PermitKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Decides, after each attempt, what to try next; a pure function of its arguments. */
public final class AttemptPlanner {
  /** The pause before a quick retry of the same target. */
  static final Duration QUICK_RETRY_PAUSE = Duration.ofMillis(50);

  /** The least wait that is waited out, and what is added to one so that its hold is over. */
  static final Duration WAIT_MIN = Duration.ofMillis(250);

  static final Duration WAIT_MARGIN = Duration.ofMillis(10);

  /** When to come back while a probe is in flight: it is answered soon, one way or the other. */
  private static final Duration PROBE_ANSWER = Duration.ofSeconds(1);

  /** One way to take a target, and what health says of it. */
  private record Way(
      TargetConfig.Usable target,
      ProviderConfig provider,
      Optional<KeyRef> key,
      Admission admission) {
    Step step(PermitKind kind, Duration pause) {
      return new Step(target, provider, key, kind, pause);
    }
  }

  public AttemptPlanner() {}

  public Next next(Run run, HealthView health, Instant now) {
    Optional<Failure> lastFailure = lastFailure(run);
    Optional<Failure> callers = lastFailure.filter(failure -> isReturned(run, failure));
    if (callers.isPresent()) {
      return new Stop.ReturnFailure(callers.get());
    }
    if (!run.left(now).isPositive()) {
      return new Stop.DeadlinePassed(verdicts(run, health, now));
    }
    int attemptsMax = run.failover() ? run.route().attempts().max() : 1;
    // A larger window may do; where none can be called, only a shorter request does.
    Optional<Next> tooLong =
        lastFailure.filter(AttemptPlanner::isTooLong).map(Stop.ReturnFailure::new);
    if (run.attempts().size() >= attemptsMax) {
      return tooLong.orElseGet(
          () -> new Stop.AttemptsUsed(verdicts(run, health, now), backIn(run, health, now)));
    }
    return again(run, health, now)
        .or(() -> onwards(run, health, now, attemptsMax))
        .<Next>map(step -> step)
        .or(() -> tooLong)
        .orElseGet(() -> exhausted(run, health, now));
  }

  private static Optional<Failure> lastFailure(Run run) {
    return run.last().flatMap(attempt -> failure(attempt.outcome()));
  }

  private static Optional<Failure> failure(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Delivered _ -> Optional.empty();
      case Failure failure -> Optional.of(failure);
    };
  }

  /** Whether the failure goes back to the caller, since no other target would do better. */
  private static boolean isReturned(Run run, Failure failure) {
    return switch (failure.reason()) {
      case BAD_REQUEST, CLIENT_CANCELLED, CONTENT_FILTERED, REFUSED -> true;
      case CONTEXT_TOO_LONG, REQUEST_TOO_LARGE -> !run.failover() || hasNoLargerWindow(run);
      case RATE_LIMITED,
          OVERLOADED,
          SERVER_ERROR,
          TIMEOUT,
          STREAM_BROKEN,
          MALFORMED_RESPONSE,
          UNREACHABLE,
          QUOTA_EXHAUSTED,
          BILLING_INACTIVE,
          CREDENTIAL_REJECTED,
          ACCOUNT_DISABLED,
          ACCESS_DENIED,
          MODEL_NOT_FOUND ->
          false;
    };
  }

  private static boolean hasNoLargerWindow(Run run) {
    return candidates(run).stream().noneMatch(way -> fits(run, way.provider(), way.target()));
  }

  /** The same target once more: after a stated wait, or at once after a fault of the moment. */
  private static Optional<Step> again(Run run, HealthView health, Instant now) {
    Optional<Attempt> last = run.last();
    if (last.isEmpty() || !run.failover()) {
      return Optional.empty();
    }
    Optional<Failure> failure = failure(last.get().outcome());
    if (failure.isEmpty() || !isCandidate(run, last.get().step())) {
      return Optional.empty();
    }
    Step step = last.get().step();
    return waitedOut(run, step, failure.get(), now)
        .or(() -> retried(run, step, failure.get(), health, now));
  }

  private static Optional<Step> waitedOut(Run run, Step step, Failure failure, Instant now) {
    boolean preferred = run.order().getFirst().target().equals(step.target());
    if (failure.reason() != Reason.RATE_LIMITED || !preferred || hasWaited(run)) {
      return Optional.empty();
    }
    return failure
        .statedWait()
        .filter(wait -> wait.compareTo(run.route().attempts().waitOut()) <= 0)
        .map(wait -> (wait.compareTo(WAIT_MIN) < 0 ? WAIT_MIN : wait).plus(WAIT_MARGIN))
        .filter(pause -> pause.compareTo(run.left(now)) < 0)
        .map(pause -> paused(step, PermitKind.PROBE, pause))
        .filter(again -> !run.lost().contains(again));
  }

  /** A wait is longer than any pause before a retry. */
  private static boolean hasWaited(Run run) {
    return run.attempts().stream().anyMatch(it -> isWait(it.step()))
        || run.lost().stream().anyMatch(AttemptPlanner::isWait);
  }

  private static boolean isWait(Step step) {
    return step.pause().compareTo(WAIT_MIN) >= 0;
  }

  private static Optional<Step> retried(
      Run run, Step step, Failure failure, HealthView health, Instant now) {
    boolean stale = failure.isStaleConnection();
    boolean serverError = failure.reason() == Reason.SERVER_ERROR;
    // A probe or last resort that failed has said what it was sent for.
    boolean worthIt = stale || (serverError && step.kind() == PermitKind.NORMAL);
    if (!worthIt || hasRetried(run)) {
      return Optional.empty();
    }
    Duration pause = stale ? Duration.ZERO : QUICK_RETRY_PAUSE;
    if (pause.compareTo(run.left(now)) >= 0) {
      return Optional.empty();
    }
    return kindOfRetry(step, health, now)
        .map(kind -> paused(step, kind, pause))
        .filter(again -> !run.lost().contains(again));
  }

  /** One retry in a run: somewhere the same target came twice in a row without a wait. */
  private static boolean hasRetried(Run run) {
    for (int i = 1; i < run.attempts().size(); i++) {
      Step step = run.attempts().get(i).step();
      Step before = run.attempts().get(i - 1).step();
      if (sameCall(step, before) && !isWait(step)) {
        return true;
      }
    }
    return false;
  }

  private static boolean sameCall(Step step, Step other) {
    return step.target().equals(other.target()) && step.key().equals(other.key());
  }

  private static Optional<PermitKind> kindOfRetry(Step step, HealthView health, Instant now) {
    boolean room = health.lastResortFree(step.provider().name(), step.target().model());
    Optional<PermitKind> asLastResort =
        room ? Optional.of(PermitKind.LAST_RESORT) : Optional.empty();
    return switch (health.admission(step.provider(), step.key(), step.target().model(), now)) {
      case Admission.Admitting _ -> Optional.of(PermitKind.NORMAL);
      case Admission.ProbeDue _ -> Optional.of(PermitKind.PROBE);
      case Admission.Held held -> held.soft() ? asLastResort : Optional.empty();
      case Admission.Probing probing -> probing.soft() ? asLastResort : Optional.empty();
    };
  }

  private static Step paused(Step step, PermitKind kind, Duration pause) {
    return new Step(step.target(), step.provider(), step.key(), kind, pause);
  }

  /** The first target that may be called and was not; else the least bad. */
  private static Optional<Step> onwards(Run run, HealthView health, Instant now, int attemptsMax) {
    List<Way> open = new ArrayList<>();
    List<Way> shut = new ArrayList<>();
    for (Way way : untried(run, health, now)) {
      switch (way.admission()) {
        case Admission.Admitting _, Admission.ProbeDue _ -> open.add(way);
        case Admission.Held _, Admission.Probing _ -> shut.add(way);
      }
    }
    // With a single attempt there is never a way out: then a target must not wait for ever.
    boolean lastOfSeveral = attemptsMax > 1 && run.attempts().size() + 1 >= attemptsMax;
    Optional<Way> sure =
        open.stream().filter(way -> way.admission() instanceof Admission.Admitting).findFirst();
    Optional<Way> first = open.stream().findFirst();
    Optional<Way> chosen = lastOfSeveral ? sure.or(() -> first) : first; // a probe needs a way out
    return chosen
        .map(way -> way.step(kind(way.admission()), Duration.ZERO))
        .or(() -> leastBad(run, shut, health));
  }

  private static PermitKind kind(Admission admission) {
    return switch (admission) {
      case Admission.Admitting _ -> PermitKind.NORMAL;
      case Admission.ProbeDue _ -> PermitKind.PROBE;
      case Admission.Held _, Admission.Probing _ -> PermitKind.LAST_RESORT;
    };
  }

  /** Of the targets held for reasons that may pass, the one whose hold ends first. */
  private static Optional<Step> leastBad(Run run, List<Way> shut, HealthView health) {
    return shut.stream()
        .filter(way -> mayBeTried(way.admission()))
        .filter(way -> health.lastResortFree(way.provider().name(), way.target().model()))
        .min(Comparator.comparing(way -> end(way.admission())))
        .map(way -> way.step(PermitKind.LAST_RESORT, Duration.ZERO))
        .filter(step -> !run.lost().contains(step));
  }

  private static boolean mayBeTried(Admission admission) {
    return switch (admission) {
      case Admission.Admitting _, Admission.ProbeDue _ -> true;
      case Admission.Held held -> held.soft();
      case Admission.Probing probing -> probing.soft();
    };
  }

  private static Instant end(Admission admission) {
    return switch (admission) {
      case Admission.Admitting _, Admission.ProbeDue _, Admission.Probing _ -> Instant.MIN;
      case Admission.Held held -> held.until().orElse(Instant.MAX);
    };
  }

  /** The ways that are left: no call covered by a failure of this run, nothing left out. */
  private static List<Way> untried(Run run, HealthView health, Instant now) {
    return candidates(run).stream()
        .filter(way -> fits(run, way.provider(), way.target()))
        .filter(way -> run.attempts().stream().noneMatch(attempt -> covers(attempt, way)))
        .map(way ->
            new Way(
                way.target(),
                way.provider(),
                way.key(),
                health.admission(way.provider(), way.key(), way.target().model(), now)))
        .filter(way -> !run.lost().contains(way.step(kind(way.admission()), Duration.ZERO)))
        .toList();
  }

  /** Whether an attempt of this run already says what this way would bring. */
  private static boolean covers(Attempt attempt, Way way) {
    Step step = attempt.step();
    if (!step.provider().name().equals(way.provider().name())) {
      return false;
    }
    boolean sameModel = step.target().model().equals(way.target().model());
    return failure(attempt.outcome())
        .map(failure ->
            switch (failure.scope()) {
              case PROVIDER -> true;
              case CREDENTIAL -> step.key().equals(way.key());
              case MODEL, REQUEST -> sameModel;
            })
        .orElse(sameModel);
  }

  /** Every way that the run's order offers, health aside. */
  private static List<Way> candidates(Run run) {
    List<Way> ways = new ArrayList<>();
    List<Candidate> order = run.failover() ? run.order() : run.order().stream().limit(1).toList();
    for (Candidate candidate : order) {
      if (whyLeftOut(run, candidate).isEmpty()
          && candidate.target() instanceof TargetConfig.Usable target) {
        ProviderConfig provider = candidate.provider().orElseThrow();
        TargetOrder.keys(provider)
            .forEach(key -> ways.add(new Way(target, provider, key, new Admission.Admitting())));
      }
    }
    return ways;
  }

  private static boolean isCandidate(Run run, Step step) {
    return candidates(run).stream()
        .anyMatch(way -> way.target().equals(step.target()) && way.key().equals(step.key()));
  }

  /** After a request was too long, only a window known to be larger will do. */
  private static boolean fits(Run run, ProviderConfig provider, TargetConfig.Usable target) {
    return run.attempts().stream()
        .filter(attempt -> failure(attempt.outcome()).filter(AttemptPlanner::isTooLong).isPresent())
        .allMatch(attempt -> {
          OptionalInt tried = window(attempt.step().provider(), attempt.step().target());
          OptionalInt offered = window(provider, target);
          return tried.isPresent() && offered.isPresent() && offered.getAsInt() > tried.getAsInt();
        });
  }

  private static boolean isTooLong(Failure failure) {
    return failure.reason() == Reason.CONTEXT_TOO_LONG
        || failure.reason() == Reason.REQUEST_TOO_LARGE;
  }

  private static OptionalInt window(ProviderConfig provider, TargetConfig.Usable target) {
    return provider
        .facts(target.model())
        .map(ModelFacts::contextWindow)
        .orElse(OptionalInt.empty());
  }

  private static Stop.Exhausted exhausted(Run run, HealthView health, Instant now) {
    return new Stop.Exhausted(verdicts(run, health, now), backIn(run, health, now));
  }

  private static List<Verdict> verdicts(Run run, HealthView health, Instant now) {
    return run.order().stream().map(candidate -> verdict(run, candidate, health, now)).toList();
  }

  private static Verdict verdict(Run run, Candidate candidate, HealthView health, Instant now) {
    String name = candidate.target().name();
    Optional<Verdict> tried =
        run.attempts().reversed().stream()
            .filter(attempt -> attempt.step().target().equals(candidate.target()))
            .flatMap(attempt -> failure(attempt.outcome()).stream())
            .findFirst()
            .map(failure ->
                new Verdict(name, failure.reason().word(), failure.evidence().sentence()));
    return tried
        .or(() -> whyLeftOut(run, candidate))
        .or(() -> held(candidate, health, now))
        .orElseGet(() -> notTried(run, name));
  }

  private static Verdict notTried(Run run, String name) {
    return run.failover()
        ? new Verdict(name, "NotTried", "it was not tried")
        : new Verdict(name, "FailoverOff", "the request asked for no failover");
  }

  private static Optional<Verdict> held(Candidate candidate, HealthView health, Instant now) {
    return admissions(candidate, health, now).stream()
        .flatMap(admission ->
            switch (admission) {
              case Admission.Admitting _, Admission.ProbeDue _ -> Optional.<Reason>empty().stream();
              case Admission.Held held -> Optional.of(held.reason()).stream();
              case Admission.Probing probing -> Optional.of(probing.reason()).stream();
            })
        .findFirst()
        .map(reason ->
            new Verdict(
                candidate.target().name(), reason.word(), "it is held for " + reason.word()));
  }

  private static List<Admission> admissions(Candidate candidate, HealthView health, Instant now) {
    return switch (candidate.target()) {
      case TargetConfig.Unusable _ -> List.of();
      case TargetConfig.Usable target ->
          candidate.provider().stream()
              .flatMap(provider ->
                  TargetOrder.keys(provider)
                      .map(key -> health.admission(provider, key, target.model(), now)))
              .toList();
    };
  }

  /** Why a target cannot be called in this run at all. */
  private static Optional<Verdict> whyLeftOut(Run run, Candidate candidate) {
    String name = candidate.target().name();
    Optional<Verdict> skipped =
        run.skipped().stream()
            .filter(skip -> skip.target().equals(name))
            .findFirst()
            .map(skip -> new Verdict(name, skip.reason(), skip.message()));
    if (skipped.isPresent()) {
      return skipped;
    }
    return switch (candidate.target()) {
      case TargetConfig.Unusable unusable ->
          Optional.of(new Verdict(name, unusable.reason(), unusable.message()));
      case TargetConfig.Usable target ->
          candidate
              .provider()
              .map(provider ->
                  provider.mode() == Mode.DRAINED
                      ? Optional.of(new Verdict(name, "Drained", "its provider is drained"))
                      : Optional.<Verdict>empty())
              .orElseGet(() ->
                  Optional.of(
                      new Verdict(
                          name,
                          "ProviderNotFound",
                          "provider " + target.provider() + " cannot be used here")));
    };
  }

  private static Optional<Duration> backIn(Run run, HealthView health, Instant now) {
    return run.order().stream()
        .filter(candidate -> whyLeftOut(run, candidate).isEmpty())
        .flatMap(candidate -> admissions(candidate, health, now).stream())
        .flatMap(admission -> backIn(admission, now).stream())
        .min(Comparator.naturalOrder());
  }

  private static Optional<Duration> backIn(Admission admission, Instant now) {
    return switch (admission) {
      case Admission.Admitting _, Admission.ProbeDue _ -> Optional.empty();
      case Admission.Held held -> held.until().map(end -> Duration.between(now, end));
      case Admission.Probing _ -> Optional.of(PROBE_ANSWER);
    };
  }
}
