package dev.changeover.gateway.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.contract.Attempts;
import dev.changeover.contract.HoldKey;
import dev.changeover.contract.KeyRef;
import dev.changeover.contract.Mode;
import dev.changeover.contract.ProviderConfig;
import dev.changeover.contract.Reason;
import dev.changeover.contract.Scope;
import dev.changeover.contract.Strategy;
import dev.changeover.contract.TargetConfig;
import dev.changeover.gateway.classify.Outcome.Failure;
import dev.changeover.gateway.health.Admission;
import dev.changeover.gateway.health.Failures;
import dev.changeover.gateway.health.Fleets;
import dev.changeover.gateway.health.PermitKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AttemptPlannerTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration TOOK = Duration.ofMillis(10);
  private static final Candidate FIRST =
      candidate(Fleets.provider("one", Fleets.MAIN, Fleets.SPARE), "m");
  private static final Candidate SECOND = candidate(Fleets.provider("two", Fleets.MAIN), "m");
  private static final Candidate THIRD = candidate(Fleets.provider("three"), "m");

  private final AttemptPlanner planner = new AttemptPlanner();
  private final ScriptedHealth health = new ScriptedHealth();

  private static Candidate candidate(ProviderConfig provider, String model) {
    return new Candidate(Fleets.target(provider.name().name(), model), Optional.of(provider));
  }

  private static Run run(Attempts attempts, Candidate... order) {
    TargetConfig[] targets =
        List.of(order).stream().map(Candidate::target).toArray(TargetConfig[]::new);
    return Run.of(Fleets.route(attempts, Strategy.PRIORITY, targets), List.of(order), START);
  }

  private static Run run(Candidate... order) {
    return run(Fleets.attempts(4, Duration.ZERO), order);
  }

  private Next next(Run run) {
    return planner.next(run, health, START.plusMillis(run.attempts().size() * 10L));
  }

  private Step step(Run run) {
    assertThat(next(run)).isInstanceOf(Step.class);
    return (Step) next(run);
  }

  /** The run after its next step came out like this. */
  private Run after(Run run, Failure failure) {
    return run.with(new Attempt(step(run), failure, TOOK));
  }

  private static Step normal(Candidate candidate, KeyRef key) {
    return step(candidate, Optional.of(key), PermitKind.NORMAL, Duration.ZERO);
  }

  private static Step step(
      Candidate candidate, Optional<KeyRef> key, PermitKind kind, Duration pause) {
    return new Step(
        (TargetConfig.Usable) candidate.target(),
        candidate.provider().orElseThrow(),
        key,
        kind,
        pause);
  }

  private static Admission held(Reason reason, String forHowLong, boolean soft) {
    return new Admission.Held(
        reason, Optional.of(START.plus(Duration.parse(forHowLong))), Scope.MODEL, soft);
  }

  private static Admission banned() {
    return new Admission.Held(Reason.ACCOUNT_DISABLED, Optional.empty(), Scope.PROVIDER, false);
  }

  private static Admission probeDue() {
    return new Admission.ProbeDue(new HoldKey.OfModel(Fleets.name("one"), "m"), Reason.OVERLOADED);
  }

  @Test
  void thePreferredTargetComesFirst() {
    assertThat(next(run(FIRST, SECOND))).isEqualTo(normal(FIRST, Fleets.MAIN));
  }

  @Test
  void aRateLimitedTargetIsLeftForTheNext() {
    Run run = after(run(FIRST, SECOND), Failures.of(Reason.RATE_LIMITED));

    assertThat(next(run)).isEqualTo(normal(SECOND, Fleets.MAIN));
  }

  @Test
  void aBannedAccountIsNotAskedWithASecondKey() {
    Run run = after(run(FIRST, SECOND), Failures.of(Reason.ACCOUNT_DISABLED));

    assertThat(next(run)).isEqualTo(normal(SECOND, Fleets.MAIN));
  }

  @Test
  void aDisabledKeyLeavesTheAccountsNextKey() {
    Run run = after(run(FIRST, SECOND), Failures.of(Reason.ACCOUNT_DISABLED, Scope.CREDENTIAL));

    assertThat(next(run)).isEqualTo(normal(FIRST, Fleets.SPARE));
  }

  @Test
  void aRejectedKeyIsFollowedByTheNextKeyAndThenTheNextTarget() {
    Run run = after(run(FIRST, SECOND), Failures.of(Reason.CREDENTIAL_REJECTED));
    assertThat(next(run)).isEqualTo(normal(FIRST, Fleets.SPARE));

    run = after(run, Failures.of(Reason.CREDENTIAL_REJECTED));
    assertThat(next(run)).isEqualTo(normal(SECOND, Fleets.MAIN));
  }

  @Test
  void aHeldKeyIsPassedOverForTheNextKey() {
    health.says("one", Fleets.MAIN, held(Reason.CREDENTIAL_REJECTED, "PT1M", false));

    assertThat(next(run(FIRST, SECOND))).isEqualTo(normal(FIRST, Fleets.SPARE));
  }

  @Test
  void aHeldTargetIsSkipped() {
    health.says("one", banned());

    assertThat(next(run(FIRST, SECOND))).isEqualTo(normal(SECOND, Fleets.MAIN));
  }

  @Test
  void aServerErrorIsRetriedOnceAndQuickly() {
    Run run = after(run(FIRST, SECOND), Failures.of(Reason.SERVER_ERROR));
    assertThat(next(run))
        .isEqualTo(
            step(
                FIRST,
                Optional.of(Fleets.MAIN),
                PermitKind.NORMAL,
                AttemptPlanner.QUICK_RETRY_PAUSE));

    run = after(run, Failures.of(Reason.SERVER_ERROR));
    assertThat(next(run)).isEqualTo(normal(SECOND, Fleets.MAIN));

    run = after(run, Failures.of(Reason.SERVER_ERROR));
    assertThat(next(run)).isInstanceOf(Stop.Exhausted.class); // one retry in a run
  }

  @Test
  void theRetryOfATargetHeldSinceThenIsALastResort() {
    Run run = after(run(FIRST, SECOND), Failures.of(Reason.SERVER_ERROR));
    health.says("one", held(Reason.SERVER_ERROR, "PT30S", true));

    assertThat(step(run).kind()).isEqualTo(PermitKind.LAST_RESORT);
    health.fullLastResort("one");
    assertThat(next(run)).isEqualTo(normal(SECOND, Fleets.MAIN));
  }

  @Test
  void aResetOfAReusedConnectionIsRetriedAtOnce() {
    Run run = after(run(FIRST, SECOND), Failures.staleConnection());
    assertThat(next(run)).isEqualTo(normal(FIRST, Fleets.MAIN));

    run = after(run, Failures.of(Reason.UNREACHABLE));
    assertThat(next(run)).isEqualTo(normal(SECOND, Fleets.MAIN));
  }

  @Test
  void anUnreachableTargetIsNotRetried() {
    Run run = after(run(FIRST, SECOND), Failures.of(Reason.UNREACHABLE));

    assertThat(next(run)).isEqualTo(normal(SECOND, Fleets.MAIN));
  }

  @Test
  void aStatedWaitWithinWaitOutIsWaitedOutOnce() {
    Failure limited = Failures.waiting(Failures.of(Reason.RATE_LIMITED), "PT2S");
    Run run = after(run(Fleets.attempts(4, Duration.ofSeconds(3)), FIRST, SECOND), limited);
    Duration pause = Duration.ofSeconds(2).plus(AttemptPlanner.WAIT_MARGIN);
    assertThat(next(run)).isEqualTo(step(FIRST, Optional.of(Fleets.MAIN), PermitKind.PROBE, pause));

    run = after(run, limited);
    assertThat(next(run)).isEqualTo(normal(SECOND, Fleets.MAIN));
  }

  @Test
  void aWaitForWhichSomebodyElseHasThePermitIsNotWaitedTwice() {
    Failure limited = Failures.waiting(Failures.of(Reason.RATE_LIMITED), "PT2S");
    Run run = after(run(Fleets.attempts(4, Duration.ofSeconds(3)), FIRST, SECOND), limited);

    run = run.without(step(run));

    assertThat(next(run)).isEqualTo(normal(SECOND, Fleets.MAIN));
  }

  @Test
  void aLongerWaitIsNotWaitedOut() {
    Failure limited = Failures.waiting(Failures.of(Reason.RATE_LIMITED), "PT4S");
    Run run = after(run(Fleets.attempts(4, Duration.ofSeconds(3)), FIRST, SECOND), limited);

    assertThat(next(run)).isEqualTo(normal(SECOND, Fleets.MAIN));
  }

  @Test
  void aWaitBeyondTheDeadlineIsNotWaitedOut() {
    Failure limited = Failures.waiting(Failures.of(Reason.RATE_LIMITED), "PT2S");
    Run run =
        after(run(Fleets.attempts(4, Duration.ofSeconds(3)), FIRST, SECOND), limited)
            .within(Duration.ofSeconds(1));

    assertThat(next(run)).isEqualTo(normal(SECOND, Fleets.MAIN));
  }

  @Test
  void onlyThePreferredTargetIsWaitedFor() {
    health.says("one", banned());
    Failure limited = Failures.waiting(Failures.of(Reason.RATE_LIMITED), "PT2S");
    Run run = after(run(Fleets.attempts(4, Duration.ofSeconds(3)), FIRST, SECOND, THIRD), limited);

    assertThat(step(run).target()).isEqualTo(THIRD.target());
  }

  @Test
  void aCallersFaultGoesBackToTheCaller() {
    for (Reason reason :
        List.of(
            Reason.BAD_REQUEST, Reason.CLIENT_CANCELLED, Reason.CONTENT_FILTERED, Reason.REFUSED)) {
      Failure failure = Failures.of(reason);
      assertThat(next(after(run(FIRST, SECOND), failure)))
          .isEqualTo(new Stop.ReturnFailure(failure));
    }
  }

  @Test
  void aTooLongRequestGoesOnlyToALargerKnownWindow() {
    Candidate small = sized("small", 8_000);
    Candidate equal = sized("equal", 8_000);
    Candidate large = sized("large", 200_000);
    Failure tooLong = Failures.of(Reason.CONTEXT_TOO_LONG);

    Run run = after(run(small, equal, SECOND, large), tooLong);
    assertThat(step(run).target()).isEqualTo(large.target());
    assertThat(next(after(run, tooLong))).isEqualTo(new Stop.ReturnFailure(tooLong));
  }

  @Test
  void aTooLongRequestGoesBackWhereNoWindowIsKnown() {
    Failure tooLarge = Failures.of(Reason.REQUEST_TOO_LARGE);

    assertThat(next(after(run(FIRST, SECOND), tooLarge)))
        .isEqualTo(new Stop.ReturnFailure(tooLarge));
  }

  @Test
  void aTooLongRequestGoesBackWhereTheLargerWindowCannotBeCalled() {
    Candidate small = sized("small", 8_000);
    Candidate large = sized("large", 200_000);
    Failure tooLong = Failures.of(Reason.CONTEXT_TOO_LONG);
    Run run = after(run(small, large), tooLong);
    Run last = after(run(Fleets.attempts(1, Duration.ZERO), small, large), tooLong);

    health.says("large", banned());

    assertThat(next(run)).isEqualTo(new Stop.ReturnFailure(tooLong));
    assertThat(next(last)).isEqualTo(new Stop.ReturnFailure(tooLong));
  }

  private static Candidate sized(String provider, int tokens) {
    return candidate(
        Fleets.provider(
            provider, "f1", Mode.ACTIVE, List.of(Fleets.window("m", tokens)), Fleets.MAIN),
        "m");
  }

  @Test
  void aHoldThatIsOverIsProbedByTheRequest() {
    health.says("one", probeDue());

    assertThat(next(run(FIRST, SECOND)))
        .isEqualTo(step(FIRST, Optional.of(Fleets.MAIN), PermitKind.PROBE, Duration.ZERO));
  }

  @Test
  void theLastAttemptIsNoProbeWhereATargetAdmits() {
    health.says("one", probeDue());
    Run run =
        run(Fleets.attempts(2, Duration.ZERO), THIRD, FIRST, SECOND)
            .with(
                new Attempt(
                    step(THIRD, Optional.empty(), PermitKind.NORMAL, Duration.ZERO),
                    Failures.of(Reason.OVERLOADED),
                    TOOK));

    assertThat(next(run)).isEqualTo(normal(SECOND, Fleets.MAIN));
  }

  @Test
  void withOneAttemptATargetThatWasHeldIsTriedAgainAllTheSame() {
    health.says("one", probeDue());

    assertThat(next(run(Fleets.attempts(1, Duration.ZERO), FIRST, SECOND)))
        .isEqualTo(step(FIRST, Optional.of(Fleets.MAIN), PermitKind.PROBE, Duration.ZERO));
  }

  @Test
  void aStepWhosePermitIsGoneIsNotPlannedAgain() {
    health.says("one", probeDue());
    Run run = run(FIRST, SECOND);
    Run lost = run.without(step(run)).without(step(run.without(step(run))));

    assertThat(next(lost)).isEqualTo(normal(SECOND, Fleets.MAIN));
  }

  @Test
  void withAllHeldSoftlyTheOneThatEndsFirstIsTheLastResort() {
    health.says("one", held(Reason.TIMEOUT, "PT30S", true));
    health.says("two", held(Reason.RATE_LIMITED, "PT10S", true));

    assertThat(next(run(FIRST, SECOND)))
        .isEqualTo(step(SECOND, Optional.of(Fleets.MAIN), PermitKind.LAST_RESORT, Duration.ZERO));
  }

  @Test
  void aLastResortThatIsFullLeavesTheNextLeastBad() {
    health.says("one", held(Reason.TIMEOUT, "PT30S", true));
    health.says("two", held(Reason.RATE_LIMITED, "PT10S", true)).fullLastResort("two");

    assertThat(step(run(FIRST, SECOND)).target()).isEqualTo(FIRST.target());
  }

  @Test
  void withNothingLeftEveryTargetIsNamedWithItsReason() {
    Candidate unusable =
        new Candidate(
            new TargetConfig.Unusable(
                "broken", Fleets.name("broken"), "m", "SecretNotFound", "no secret"),
            Optional.empty());
    Candidate vanished = new Candidate(Fleets.target("vanished", "m"), Optional.empty());
    Candidate drained =
        candidate(Fleets.provider("drained", "f1", Mode.DRAINED, List.of(), Fleets.MAIN), "m");
    health.says("two", held(Reason.QUOTA_EXHAUSTED, "PT40S", false));
    health.says("three", banned());
    Run run =
        after(
            run(FIRST, SECOND, THIRD, unusable, vanished, drained), Failures.of(Reason.OVERLOADED));

    assertThat(next(run))
        .isEqualTo(
            new Stop.Exhausted(
                List.of(
                    new Verdict("one/m", "Overloaded", "It failed for Overloaded."),
                    new Verdict("two/m", "QuotaExhausted", "it is held for QuotaExhausted"),
                    new Verdict("three/m", "AccountDisabled", "it is held for AccountDisabled"),
                    new Verdict("broken", "SecretNotFound", "no secret"),
                    new Verdict(
                        "vanished/m",
                        "ProviderNotFound",
                        "provider default/vanished cannot be used here"),
                    new Verdict("drained/m", "Drained", "its provider is drained")),
                Optional.of(Duration.ofSeconds(40).minusMillis(10))));
  }

  @Test
  void aTargetThatCannotCarryTheRequestIsLeftOut() {
    Run run = run(FIRST, SECOND).with(new Skipped("one/m", "Untranslatable", "it has images"));

    assertThat(next(run)).isEqualTo(normal(SECOND, Fleets.MAIN));
  }

  @Test
  void withoutFailoverTheFirstTargetIsTriedOnceAndNoOther() {
    Run run = run(FIRST, SECOND).withoutFailover();
    assertThat(next(run)).isEqualTo(normal(FIRST, Fleets.MAIN));

    assertThat(next(after(run, Failures.of(Reason.SERVER_ERROR))))
        .isInstanceOf(Stop.AttemptsUsed.class);
  }

  @Test
  void withoutFailoverAHeldFirstTargetIsTheEnd() {
    health.says("one", banned());

    assertThat(next(run(FIRST, SECOND).withoutFailover()))
        .isInstanceOfSatisfying(
            Stop.Exhausted.class,
            stop ->
                assertThat(stop.verdicts())
                    .extracting(Verdict::reason)
                    .containsExactly("AccountDisabled", "FailoverOff"));
  }

  @Test
  void noMoreAttemptsAreMadeThanTheRouteAllows() {
    Run run =
        after(
            run(Fleets.attempts(1, Duration.ZERO), FIRST, SECOND), Failures.of(Reason.OVERLOADED));

    assertThat(next(run)).isInstanceOf(Stop.AttemptsUsed.class);
  }

  @Test
  void nothingIsTriedAfterTheDeadline() {
    Run run = run(FIRST, SECOND);

    assertThat(planner.next(run, health, START.plus(run.deadline())))
        .isInstanceOf(Stop.DeadlinePassed.class);
  }
}
