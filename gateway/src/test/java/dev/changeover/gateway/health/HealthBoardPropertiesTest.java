package dev.changeover.gateway.health;

import static dev.changeover.gateway.health.Fleets.MAIN;
import static dev.changeover.gateway.health.Fleets.SPARE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.contract.HoldSet;
import dev.changeover.contract.KeyRef;
import dev.changeover.contract.ProviderConfig;
import dev.changeover.contract.Reason;
import dev.changeover.contract.Scope;
import dev.changeover.gateway.classify.Outcome.Failure;
import dev.changeover.testkit.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class HealthBoardPropertiesTest {
  private static final ProviderConfig PROVIDER = Fleets.provider("one", MAIN, SPARE);
  private static final Duration QUICK = Duration.ofMillis(100);

  /** One history of attempts, at a clock of its own. */
  private static final class History {
    private final Random random;
    private final List<Permit> out = new ArrayList<>();
    private final HealthBoard board;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    History(Random random) {
      this.random = random;
      this.board = new HealthBoard(() -> now, random);
      board.configured(Fleets.fleet(PROVIDER));
    }

    private <T> T any(List<T> list) {
      return list.get(random.nextInt(list.size()));
    }

    private Optional<KeyRef> anyKey() {
      return Optional.of(any(List.of(MAIN, SPARE)));
    }

    Optional<Permit> ask(Optional<KeyRef> key) {
      return board.permit(PROVIDER, key, "m", any(List.of(PermitKind.values())));
    }

    void step() {
      switch (random.nextInt(6)) {
        case 0, 1 -> ask(anyKey()).ifPresent(out::add);
        case 2 -> takeBack(permit -> permit.succeeded(QUICK));
        case 3 -> takeBack(permit -> permit.failed(anyFailure()));
        case 4 -> takeBack(Permit::ignored);
        default -> now = now.plusMillis(random.nextInt(60_000));
      }
    }

    private void takeBack(Consumer<Permit> how) {
      if (!out.isEmpty()) {
        how.accept(out.remove(random.nextInt(out.size())));
      }
    }

    Failure anyFailure() {
      Reason reason = any(List.of(Reason.values()));
      Failure failure = Failures.of(reason);
      if (reason.countsAgainstHealth() && random.nextInt(3) == 0) {
        failure = Failures.of(reason, any(List.of(Scope.MODEL, Scope.CREDENTIAL, Scope.PROVIDER)));
      }
      if (random.nextInt(3) == 0) {
        failure = Failures.waiting(failure, "PT" + random.nextInt(1, 400) + "S");
      }
      return random.nextInt(4) == 0 ? failure.asDoubtful() : failure;
    }
  }

  @Test
  void noUserTrafficIsAdmittedUnderABan() {
    Seeds.forEach(
        300,
        random -> {
          History history = new History(random);
          for (int i = 0; i < 200; i++) {
            history.step();
            boolean banned =
                history.board.inForce(history.now).stream()
                    .anyMatch(hold ->
                        hold.hold().reason() == Reason.ACCOUNT_DISABLED
                            && hold.key().scope() == Scope.PROVIDER);
            if (banned) {
              assertThat(history.ask(history.anyKey())).isEmpty();
            }
          }
        });
  }

  @Test
  void aHoldNeverEndsEarlierThanItWasSaidUnlessItIsLifted() {
    Seeds.forEach(
        300,
        random -> {
          History history = new History(random);
          for (int i = 0; i < 200; i++) {
            HoldSet before = history.board.fleetHolds();
            history.step();
            HoldSet after = history.board.fleetHolds();
            before.entries().keySet().stream()
                .filter(key -> after.lastLift(key).equals(before.lastLift(key)))
                .filter(key -> before.last(key).isPresent())
                .forEach(key -> {
                  Instant promised = before.last(key).get().until().orElse(Instant.MAX);
                  Instant said = after.last(key).orElseThrow().until().orElse(Instant.MAX);
                  assertThat(said).isAfterOrEqualTo(promised);
                });
          }
        });
  }

  @Test
  void permitsComeBackOnceAndLeaveNothingBehind() {
    Seeds.forEach(
        200,
        random -> {
          History history = new History(random);
          for (int i = 0; i < 200; i++) {
            history.step();
          }
          List<Permit> returned = List.copyOf(history.out);
          returned.forEach(Permit::ignored);
          returned.forEach(permit -> permit.failed(Failures.of(Reason.ACCOUNT_DISABLED)));
          returned.forEach(permit -> permit.succeeded(QUICK));

          HealthView view = history.board.view();
          assertThat(view.lastResortFree(PROVIDER.name(), "m")).isTrue();
          assertThat(view.admission(PROVIDER, Optional.of(MAIN), "m", history.now))
              .isNotInstanceOf(Admission.Probing.class);
        });
  }

  @Test
  void oneProbeIsOutAmongManyThreads() throws InterruptedException, ExecutionException {
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    var clock = new AtomicReference<>(start);
    HealthBoard board = new HealthBoard(clock::get, new Random(3));
    board.configured(Fleets.fleet(PROVIDER));
    AtomicInteger announced = new AtomicInteger();
    board.onOwnHoldsChanged(_ -> announced.incrementAndGet());
    for (int round = 0; round < 20; round++) {
      board
          .permit(PROVIDER, Optional.of(MAIN), "m", PermitKind.NORMAL)
          .orElseThrow()
          .failed(Failures.of(Reason.TIMEOUT));
      clock.updateAndGet(now -> now.plus(Duration.ofMinutes(20)));

      List<Permit> probes = race(board, PermitKind.PROBE);
      assertThat(probes).hasSize(1);
      List<Permit> lastResorts = race(board, PermitKind.LAST_RESORT);
      assertThat(lastResorts).hasSize(HealthBoard.LAST_RESORT_MAX);
      lastResorts.forEach(Permit::ignored);
      probes.getFirst().succeeded(QUICK);
      assertThat(board.view().admission(PROVIDER, Optional.of(MAIN), "m", clock.get()))
          .isEqualTo(new Admission.Admitting());
      clock.updateAndGet(now -> now.plus(Duration.ofMinutes(20)));
    }
    assertThat(announced).hasValue(40); // each hold and each lift, once
  }

  private static List<Permit> race(HealthBoard board, PermitKind kind)
      throws InterruptedException, ExecutionException {
    List<Permit> granted = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Optional<Permit>>> answers = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        answers.add(threads.submit(() -> board.permit(PROVIDER, Optional.of(MAIN), "m", kind)));
      }
      for (Future<Optional<Permit>> answer : answers) {
        answer.get().ifPresent(granted::add);
      }
    }
    return granted;
  }
}
