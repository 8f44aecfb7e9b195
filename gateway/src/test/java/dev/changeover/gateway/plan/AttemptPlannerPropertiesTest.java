package dev.changeover.gateway.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.contract.HoldKey;
import dev.changeover.contract.KeyRef;
import dev.changeover.contract.Mode;
import dev.changeover.contract.ModelFacts;
import dev.changeover.contract.Overrides;
import dev.changeover.contract.ProviderConfig;
import dev.changeover.contract.Reason;
import dev.changeover.contract.Scope;
import dev.changeover.contract.Strategy;
import dev.changeover.contract.TargetConfig;
import dev.changeover.gateway.classify.Outcome.Failure;
import dev.changeover.gateway.health.Admission;
import dev.changeover.gateway.health.Failures;
import dev.changeover.gateway.health.Fleets;
import dev.changeover.testkit.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class AttemptPlannerPropertiesTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static final List<Reason> REASONS = List.of(Reason.values());

  /** More turns than any run can take: attempts, and one lost permit for each way and kind. */
  private static final int TURNS_MAX = 200;

  private final AttemptPlanner planner = new AttemptPlanner();

  /** A world in which anything can be held, fail, be lost or take its time. */
  private final class World {
    private final Random random;
    private final Run begun;
    private Instant now = START;

    World(Random random) {
      this.random = random;
      List<Candidate> order = new ArrayList<>();
      int targets = random.nextInt(1, 6);
      for (int i = 0; i < targets; i++) {
        order.add(candidate("p" + random.nextInt(4), i));
      }
      Run run =
          Run.of(
              Fleets.route(
                  Fleets.attempts(random.nextInt(1, 7), Duration.ofSeconds(random.nextInt(4))),
                  Strategy.PRIORITY,
                  order.stream().map(Candidate::target).toArray(TargetConfig[]::new)),
              order,
              START);
      begun = random.nextInt(8) == 0 ? run.withoutFailover() : run;
    }

    private Candidate candidate(String provider, int index) {
      List<ModelFacts> models =
          random.nextBoolean()
              ? List.of(Fleets.window("m" + index % 2, random.nextInt(1, 5) * 1000))
              : List.of();
      KeyRef[] keys =
          Stream.of(Fleets.MAIN, Fleets.SPARE).limit(random.nextInt(3)).toArray(KeyRef[]::new);
      ProviderConfig config = Fleets.provider(provider, "f1", Mode.ACTIVE, models, keys);
      TargetConfig target =
          new TargetConfig.Usable(
              "target" + index, Fleets.name(provider), "m" + index % 2, Overrides.NONE);
      return random.nextInt(6) == 0
          ? new Candidate(target, Optional.empty())
          : new Candidate(target, Optional.of(config));
    }

    private ScriptedHealth health() {
      ScriptedHealth health = new ScriptedHealth();
      for (int i = 0; i < 4; i++) {
        health.says("p" + i, admission("p" + i));
      }
      return health;
    }

    private Admission admission(String provider) {
      return switch (random.nextInt(8)) {
        case 0 ->
            new Admission.Held(Reason.TIMEOUT, Optional.of(now.plusSeconds(9)), Scope.MODEL, true);
        case 1 ->
            new Admission.Held(Reason.ACCOUNT_DISABLED, Optional.empty(), Scope.PROVIDER, false);
        case 2 ->
            new Admission.ProbeDue(new HoldKey.OfProvider(Fleets.name(provider)), Reason.TIMEOUT);
        case 3 -> new Admission.Probing(Reason.TIMEOUT, Scope.MODEL, true);
        default -> new Admission.Admitting();
      };
    }

    private Failure failure() {
      Reason reason = REASONS.get(random.nextInt(REASONS.size()));
      if (random.nextInt(6) == 0) {
        return Failures.staleConnection();
      }
      Failure failure = Failures.of(reason);
      return reason == Reason.RATE_LIMITED
          ? Failures.waiting(failure, "PT" + random.nextInt(1, 5) + "S")
          : failure;
    }

    /** Takes the run to its end, each step checked. */
    Run finished(BiConsumer<Run, Step> check) {
      Run run = begun;
      for (int turn = 0; turn < TURNS_MAX; turn++) {
        switch (planner.next(run, health(), now)) {
          case Stop _ -> {
            return run;
          }
          case Step step -> {
            check.accept(run, step);
            now = now.plus(step.pause()).plusMillis(random.nextInt(9_000));
            run =
                random.nextInt(5) == 0
                    ? run.without(step)
                    : run.with(new Attempt(step, failure(), Duration.ofMillis(1)));
          }
        }
      }
      throw new AssertionError("the run did not end");
    }
  }

  @Test
  void aRunKeepsItsBudgetAndEnds() {
    Seeds.forEach(
        2_000,
        random -> {
          World world = new World(random);
          Run run =
              world.finished((soFar, step) -> {
                assertThat(soFar.left(world.now)).isPositive();
                assertThat(step.pause()).isLessThan(soFar.left(world.now));
              });
          int max = run.failover() ? run.route().attempts().max() : 1;
          assertThat(run.attempts()).hasSizeLessThanOrEqualTo(max);
        });
  }

  @Test
  void aCallIsRepeatedOnlyForAReasonAndOnce() {
    Seeds.forEach(
        2_000,
        random -> {
          Run run = new World(random).finished((_, _) -> {});
          int waits = 0;
          int retries = 0;
          for (int i = 1; i < run.attempts().size(); i++) {
            Step step = run.attempts().get(i).step();
            boolean repeated =
                run.attempts().subList(0, i).stream()
                    .anyMatch(before -> isSameCall(before.step(), step));
            if (!repeated) {
              continue;
            }
            Attempt before = run.attempts().get(i - 1);
            assertThat(isSameCall(before.step(), step)).isTrue();
            Failure failure = (Failure) before.outcome();
            switch (failure.reason()) {
              case RATE_LIMITED -> waits++;
              case SERVER_ERROR -> retries++;
              default -> {
                assertThat(failure.evidence().rule()).isEqualTo(Failure.REUSED_CONNECTION_RESET);
                retries++;
              }
            }
          }
          assertThat(waits).isLessThanOrEqualTo(1);
          assertThat(retries).isLessThanOrEqualTo(1);
        });
  }

  @Test
  void aBannedAccountIsNotAskedAgainInTheSameRun() {
    Seeds.forEach(
        2_000,
        random ->
            new World(random)
                .finished((soFar, step) ->
                    assertThat(soFar.attempts())
                        .noneMatch(attempt ->
                            attempt.outcome() instanceof Failure failure
                                && failure.reason() == Reason.ACCOUNT_DISABLED
                                && attempt
                                    .step()
                                    .provider()
                                    .name()
                                    .equals(step.provider().name()))));
  }

  @Test
  void nothingIsTriedAfterACallersFault() {
    Seeds.forEach(
        1_000,
        random ->
            new World(random)
                .finished((soFar, _) ->
                    assertThat(soFar.attempts())
                        .noneMatch(attempt ->
                            attempt.outcome() instanceof Failure failure
                                && failure.reason() == Reason.BAD_REQUEST)));
  }

  private static boolean isSameCall(Step step, Step other) {
    return step.provider().name().equals(other.provider().name())
        && step.target().model().equals(other.target().model())
        && step.key().equals(other.key());
  }
}
