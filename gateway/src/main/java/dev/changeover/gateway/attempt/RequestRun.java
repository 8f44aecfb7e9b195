package dev.changeover.gateway.attempt;

import dev.changeover.contract.KeyRef;
import dev.changeover.contract.ProviderConfig;
import dev.changeover.contract.TargetConfig;
import dev.changeover.gateway.classify.Outcome;
import dev.changeover.gateway.dialect.Prepared;
import dev.changeover.gateway.health.Admission;
import dev.changeover.gateway.health.HealthView;
import dev.changeover.gateway.health.Permit;
import dev.changeover.gateway.plan.Attempt;
import dev.changeover.gateway.plan.Candidate;
import dev.changeover.gateway.plan.Run;
import dev.changeover.gateway.plan.Skipped;
import dev.changeover.gateway.plan.Step;
import dev.changeover.gateway.plan.Stop;
import dev.changeover.gateway.plan.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One request's run of attempts, from its first step to its end; used by one thread. */
final class RequestRun {
  private final AttemptRunner.Surroundings with;
  private final Asked asked;
  private final Caller caller;
  private final List<AttemptRecord> records = new ArrayList<>();
  private final Map<String, Prepared> prepared = new HashMap<>();
  private Run run;
  private long elsewhereNanos;
  private Optional<Duration> firstContent = Optional.empty();
  private Optional<Duration> lostToFailover = Optional.empty();
  private String notPreferred = "";

  RequestRun(AttemptRunner.Surroundings with, Asked asked, Caller caller) {
    this.with = with;
    this.asked = asked;
    this.caller = caller;
    List<Candidate> order =
        with.order()
            .order(asked.route(), asked.table()::provider, with.health().view(), asked.started());
    Run fresh = Run.of(asked.route(), order, asked.started());
    Run bounded = asked.within().map(fresh::within).orElse(fresh);
    run = asked.failover() ? bounded : bounded.withoutFailover();
  }

  RunRecord run() {
    while (true) {
      if (caller.gone()) {
        return ended(new Ending.CallerLeft(false));
      }
      switch (with.planner().next(run, with.health().view(), with.clock().instant())) {
        case Stop stop -> {
          return ended(new Ending.Unserved(stop));
        }
        case Step step -> {
          Optional<Ending> ending = take(step);
          if (ending.isPresent()) {
            return ended(ending.get());
          }
        }
      }
    }
  }

  /** Takes one step; a value once the run is over. */
  private Optional<Ending> take(Step step) {
    Prepared body = prepared.computeIfAbsent(step.target().name(), _ -> prepare(step));
    return switch (body) {
      case Prepared.Ineligible(String why) -> {
        String message = "it cannot carry this request: " + why;
        run = run.with(new Skipped(step.target().name(), Skipped.UNTRANSLATABLE, message));
        yield Optional.empty();
      }
      case Prepared.Ready ready -> take(step, ready);
    };
  }

  private Optional<Ending> take(Step step, Prepared.Ready ready) {
    if (step.pause().isPositive() && pause(step.pause())) {
      return Optional.of(new Ending.CallerLeft(false));
    }
    long askedNanos = with.nanoClock().getAsLong();
    Optional<Permit> permit =
        with.health().permit(step.provider(), step.key(), step.target().model(), step.kind());
    if (permit.isEmpty()) {
      run = run.without(step);
      return Optional.empty();
    }
    with.listener().attemptBegan(step.target(), askedNanos);
    return attempt(step, ready, permit.get());
  }

  private Optional<Ending> attempt(Step step, Prepared.Ready ready, Permit permit) {
    notPreferred = whyNotPreferred(step);
    long beganNanos = with.nanoClock().getAsLong();
    var attempt = new OneAttempt(with, asked, caller, step, ready, permit, this::head);
    AttemptEnd end;
    try {
      end = attempt.make(beganNanos);
    } finally {
      permit.ignored(); // gives back what nobody has given back before, whatever went wrong
    }
    Duration took = Duration.ofNanos(with.nanoClock().getAsLong() - beganNanos);
    elsewhereNanos += attempt.elsewhereNanos();
    var record =
        new AttemptRecord(
            step.target(),
            step.key(),
            end.answered(),
            end.recorded(),
            attempt.status(),
            attempt.upstreamId(),
            took,
            attempt.firstToken(),
            attempt.usage());
    if (end.answered()) {
      firstContent =
          attempt.firstToken().map(Duration.ofNanos(beganNanos - asked.startedNanos())::plus);
      lostToFailover =
          records.stream().anyMatch(before -> !sameProvider(before, record))
              ? Optional.of(Duration.ofNanos(beganNanos - asked.startedNanos()))
              : Optional.empty();
    }
    records.add(record);
    with.listener().attemptEnded(asked.route(), record);
    return switch (end) {
      case AttemptEnd.Complete _ -> Optional.of(new Ending.Complete());
      case AttemptEnd.BrokenOff(Outcome.Failure why) -> Optional.of(new Ending.Broken(why));
      case AttemptEnd.CallerLeft(boolean begun) -> Optional.of(new Ending.CallerLeft(begun));
      case AttemptEnd.Failed(Outcome.Failure why, Optional<Outcome.Failure> _) -> {
        run = run.with(new Attempt(step, why, took));
        yield Optional.empty();
      }
    };
  }

  private static boolean sameProvider(AttemptRecord one, AttemptRecord other) {
    return one.target().provider().equals(other.target().provider());
  }

  private ReplyHead head(OneAttempt attempt, java.util.OptionalLong length) {
    return new ReplyHead(
        attempt.step().target(),
        records.size() + 1,
        notPreferred,
        attempt.upstreamId(),
        asked.request().streaming(),
        length);
  }

  private RunRecord ended(Ending ending) {
    return new RunRecord(
        asked.route(),
        records,
        run.skipped(),
        run.order().stream().findFirst().map(Candidate::target),
        ending instanceof Ending.Unserved(Stop stop) ? whyNotEvenPreferred(stop) : notPreferred,
        firstContent,
        lostToFailover,
        elsewhereNanos,
        ending);
  }

  /** Waits before a step; whether the caller has gone meanwhile. */
  private boolean pause(Duration pause) {
    long before = with.nanoClock().getAsLong();
    boolean gone = caller.goneWithin(pause);
    elsewhereNanos += with.nanoClock().getAsLong() - before;
    return gone;
  }

  private Prepared prepare(Step step) {
    return asked
        .request()
        .forTarget(
            Providers.dialect(step.provider().type()),
            Providers.shape(step.provider(), step.target()));
  }

  /** Why the first target of the order did not answer, where no other did. */
  private String whyNotEvenPreferred(Stop stop) {
    return switch (stop) {
      case Stop.ReturnFailure(Outcome.Failure failure) ->
          notPreferred.isEmpty() ? failure.reason().word() : notPreferred;
      case Stop.Exhausted(List<Verdict> verdicts, _) -> firstReason(verdicts);
      case Stop.AttemptsUsed(List<Verdict> verdicts, _) -> firstReason(verdicts);
      case Stop.DeadlinePassed(List<Verdict> verdicts) -> firstReason(verdicts);
    };
  }

  /** Verdicts are in the run's order; a route may have no target at all. */
  private static String firstReason(List<Verdict> verdicts) {
    return verdicts.stream().findFirst().map(Verdict::reason).orElse("");
  }

  /** Why the first target of the order is not the one that is asked now; empty when it is. */
  private String whyNotPreferred(Step step) {
    if (run.order().isEmpty() || run.order().getFirst().target().equals(step.target())) {
      return "";
    }
    Candidate preferred = run.order().getFirst();
    String name = preferred.target().name();
    return records.reversed().stream()
        .filter(record -> record.target().name().equals(name))
        .flatMap(record -> record.reason().stream())
        .map(Object::toString)
        .findFirst()
        .or(() ->
            run.skipped().stream()
                .filter(skipped -> skipped.target().equals(name))
                .map(Skipped::reason)
                .findFirst())
        .orElseGet(() -> standing(preferred));
  }

  private String standing(Candidate preferred) {
    return switch (preferred.target()) {
      case TargetConfig.Unusable unusable -> unusable.reason();
      case TargetConfig.Usable usable ->
          preferred.provider().map(provider -> standing(provider, usable)).orElse("Unusable");
    };
  }

  private String standing(ProviderConfig provider, TargetConfig.Usable target) {
    HealthView view = with.health().view();
    List<Optional<KeyRef>> keys =
        provider.keys().isEmpty()
            ? List.of(Optional.empty())
            : provider.keys().stream().map(Optional::of).toList();
    for (Optional<KeyRef> key : keys) {
      String word =
          switch (view.admission(provider, key, target.model(), with.clock().instant())) {
            case Admission.Admitting _ -> "";
            case Admission.Held held -> held.reason().word();
            case Admission.ProbeDue due -> due.reason().word();
            case Admission.Probing probing -> probing.reason().word();
          };
      if (!word.isEmpty()) {
        return word;
      }
    }
    return switch (provider.mode()) {
      case DRAINED -> "Drained";
      case ACTIVE -> "Recovering";
    };
  }
}
