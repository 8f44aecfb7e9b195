package dev.changeover.gateway.health;

import static dev.changeover.gateway.health.Fleets.MAIN;
import static dev.changeover.gateway.health.Fleets.SPARE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.changeover.contract.ContractVersion;
import dev.changeover.contract.FleetConfig;
import dev.changeover.contract.Hold;
import dev.changeover.contract.HoldKey;
import dev.changeover.contract.HoldSet;
import dev.changeover.contract.KeyRef;
import dev.changeover.contract.Mode;
import dev.changeover.contract.ProviderConfig;
import dev.changeover.contract.Reason;
import dev.changeover.contract.Scope;
import dev.changeover.gateway.classify.Outcome.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HealthBoardTest {
  private static final ProviderConfig PROVIDER = Fleets.provider("one", MAIN, SPARE);
  private static final HoldKey WHOLE = new HoldKey.OfProvider(PROVIDER.name());
  private static final HoldKey MODEL = new HoldKey.OfModel(PROVIDER.name(), "m");
  private static final Duration QUICK = Duration.ofMillis(200);

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final HealthBoard board = new HealthBoard(() -> now, new Random(7));

  @BeforeEach
  void configure() {
    board.configured(Fleets.fleet(PROVIDER));
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  private Admission admission(KeyRef key) {
    return board.view().admission(PROVIDER, Optional.of(key), "m", now);
  }

  private Optional<Permit> permit(PermitKind kind) {
    return board.permit(PROVIDER, Optional.of(MAIN), "m", kind);
  }

  private void fail(PermitKind kind, Failure failure) {
    permit(kind).orElseThrow().failed(failure);
  }

  private void succeed(PermitKind kind) {
    permit(kind).orElseThrow().succeeded(QUICK);
  }

  private Duration heldFor() {
    return admission(MAIN) instanceof Admission.Held held
        ? Duration.between(now, held.until().orElseThrow())
        : Duration.ZERO;
  }

  @Test
  void aTargetNobodyFailedAdmits() {
    assertThat(admission(MAIN)).isEqualTo(new Admission.Admitting());
    assertThat(board.available(PROVIDER.name())).isTrue();
  }

  @Test
  void aBanHoldsTheWholeAccountForTheFleetAndHasNoEnd() {
    fail(PermitKind.NORMAL, Failures.of(Reason.ACCOUNT_DISABLED));
    pass(Duration.ofDays(3));

    Admission held =
        new Admission.Held(Reason.ACCOUNT_DISABLED, Optional.empty(), Scope.PROVIDER, false);
    assertThat(admission(MAIN)).isEqualTo(held);
    assertThat(admission(SPARE)).isEqualTo(held);
    assertThat(board.fleetHolds().inForce(WHOLE, now)).isPresent();
    assertThat(board.ownHolds()).isEqualTo(HoldSet.EMPTY);
    assertThat(board.available(PROVIDER.name())).isFalse();
    assertThat(permit(PermitKind.NORMAL)).isEmpty();
    assertThat(permit(PermitKind.PROBE)).isEmpty();
    assertThat(permit(PermitKind.LAST_RESORT)).isEmpty();
  }

  @Test
  void aRejectedKeyLeavesTheOtherKeys() {
    fail(PermitKind.NORMAL, Failures.of(Reason.CREDENTIAL_REJECTED));

    assertThat(admission(MAIN)).isInstanceOf(Admission.Held.class);
    assertThat(admission(SPARE)).isEqualTo(new Admission.Admitting());
    assertThat(board.available(PROVIDER.name())).isTrue();
  }

  @Test
  void aDisabledKeyIsAHoldOfThatKeyAlone() {
    fail(PermitKind.NORMAL, Failures.of(Reason.ACCOUNT_DISABLED, Scope.CREDENTIAL));

    assertThat(admission(MAIN)).isInstanceOf(Admission.Held.class);
    assertThat(admission(SPARE)).isEqualTo(new Admission.Admitting());
  }

  @Test
  void aStatedWaitIsObeyedAndOneProbeFollows() {
    Failure limited = Failures.waiting(Failures.of(Reason.RATE_LIMITED), "PT7S");
    fail(PermitKind.NORMAL, limited);
    assertThat(heldFor()).isEqualTo(Duration.ofSeconds(7));
    pass(Duration.ofSeconds(7));

    assertThat(admission(MAIN)).isEqualTo(new Admission.ProbeDue(MODEL, Reason.RATE_LIMITED));
    assertThat(permit(PermitKind.NORMAL)).isEmpty();
    Permit probe = permit(PermitKind.PROBE).orElseThrow();
    assertThat(permit(PermitKind.PROBE)).isEmpty();
    assertThat(admission(MAIN))
        .isEqualTo(new Admission.Probing(Reason.RATE_LIMITED, Scope.MODEL, true));
    probe.succeeded(QUICK);

    assertThat(admission(MAIN)).isEqualTo(new Admission.Admitting());
    assertThat(board.fleetHolds().inForce(MODEL, now)).isEmpty();
    assertThat(board.fleetHolds().lastLift(MODEL)).contains(now);
  }

  @Test
  void theLaterDeadlineWins() {
    Permit first = permit(PermitKind.NORMAL).orElseThrow();
    Permit second = permit(PermitKind.NORMAL).orElseThrow();
    Permit third = permit(PermitKind.NORMAL).orElseThrow();
    Failure limited = Failures.of(Reason.RATE_LIMITED);

    first.failed(Failures.waiting(limited, "PT20S"));
    second.failed(Failures.waiting(limited, "PT5S"));
    assertThat(heldFor()).isEqualTo(Duration.ofSeconds(20));
    third.failed(Failures.waiting(limited, "PT40S"));
    assertThat(heldFor()).isEqualTo(Duration.ofSeconds(40));
  }

  @Test
  void oneIncidentSeenByManyRequestsIsOneStep() {
    List<Permit> inFlight = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      inFlight.add(permit(PermitKind.NORMAL).orElseThrow());
    }
    inFlight.forEach(permit -> permit.failed(Failures.of(Reason.RATE_LIMITED)));

    assertThat(heldFor()).isLessThan(Duration.ofMillis(1_101));
    assertThat(board.fleetHolds().last(MODEL).map(Hold::step)).contains(0);
  }

  @Test
  void aProbeThatFailsDoublesARateLimit() {
    fail(PermitKind.NORMAL, Failures.of(Reason.RATE_LIMITED));
    for (int seconds : new int[] {2, 4, 8, 16, 32, 60, 60}) {
      pass(Duration.ofMinutes(2));
      fail(PermitKind.PROBE, Failures.of(Reason.RATE_LIMITED));
      assertThat(heldFor().toMillis()).isBetween(seconds * 900L, seconds * 1_100L);
    }
  }

  @Test
  void aSoftHoldBeginsAtOnceWithoutARecentSuccess() {
    fail(PermitKind.NORMAL, Failures.of(Reason.OVERLOADED));

    assertThat(heldFor()).isBetween(Duration.ofSeconds(27), Duration.ofSeconds(33));
    assertThat(board.fleetHolds()).isEqualTo(HoldSet.EMPTY);
    assertThat(board.ownHolds().inForce(MODEL, now)).isPresent();
  }

  @Test
  void afterARecentSuccessTheFailureRateDecides() {
    for (int i = 0; i < 6; i++) {
      succeed(PermitKind.NORMAL);
    }
    for (int i = 0; i < 5; i++) {
      fail(PermitKind.NORMAL, Failures.of(Reason.SERVER_ERROR));
      assertThat(admission(MAIN)).isEqualTo(new Admission.Admitting());
    }
    fail(PermitKind.NORMAL, Failures.of(Reason.SERVER_ERROR)); // 6 of 12

    assertThat(admission(MAIN)).isInstanceOf(Admission.Held.class);
  }

  @Test
  void anOldSuccessSavesNothing() {
    succeed(PermitKind.NORMAL);
    pass(Duration.ofSeconds(11));
    fail(PermitKind.NORMAL, Failures.of(Reason.TIMEOUT));

    assertThat(admission(MAIN)).isInstanceOf(Admission.Held.class);
  }

  @Test
  void aSoftOutageDoublesItsHoldsOnlyAfterFiveMinutes() {
    Instant start = now;
    fail(PermitKind.NORMAL, Failures.of(Reason.UNREACHABLE));
    while (Duration.between(start, now).compareTo(Duration.ofMinutes(4)) < 0) {
      assertThat(heldFor()).isBetween(Duration.ofSeconds(27), Duration.ofSeconds(33));
      pass(Duration.ofSeconds(34));
      fail(PermitKind.PROBE, Failures.of(Reason.UNREACHABLE));
    }
    pass(Duration.ofSeconds(90));
    fail(PermitKind.PROBE, Failures.of(Reason.UNREACHABLE));
    assertThat(heldFor()).isBetween(Duration.ofSeconds(54), Duration.ofSeconds(66));
    for (int i = 0; i < 5; i++) {
      pass(Duration.ofMinutes(6));
      fail(PermitKind.PROBE, Failures.of(Reason.UNREACHABLE));
    }
    assertThat(heldFor()).isBetween(Duration.ofSeconds(270), Duration.ofSeconds(330));
  }

  @Test
  void aFlapLengthensTheHoldAndThatDecays() {
    fail(PermitKind.NORMAL, Failures.of(Reason.OVERLOADED));
    pass(Duration.ofSeconds(34));
    succeed(PermitKind.PROBE);
    pass(Duration.ofSeconds(20));
    fail(PermitKind.NORMAL, Failures.of(Reason.OVERLOADED));
    assertThat(heldFor()).isBetween(Duration.ofSeconds(54), Duration.ofSeconds(66));

    pass(Duration.ofSeconds(67));
    succeed(PermitKind.PROBE);
    pass(Duration.ofMinutes(30));
    fail(PermitKind.NORMAL, Failures.of(Reason.OVERLOADED));
    assertThat(heldFor()).isBetween(Duration.ofSeconds(27), Duration.ofSeconds(33));
  }

  @Test
  void doubtfulEvidenceHoldsThisGatewayAloneForHalfAMinute() {
    fail(PermitKind.NORMAL, Failures.of(Reason.ACCESS_DENIED).asDoubtful());

    assertThat(board.fleetHolds()).isEqualTo(HoldSet.EMPTY);
    assertThat(heldFor()).isEqualTo(Duration.ofSeconds(30));
    assertThat(permit(PermitKind.LAST_RESORT)).isPresent();
    pass(Duration.ofSeconds(30));
    assertThat(admission(MAIN)).isInstanceOf(Admission.ProbeDue.class);
  }

  @Test
  void aDoubtfulBanIsNoLastResort() {
    fail(PermitKind.NORMAL, Failures.of(Reason.ACCOUNT_DISABLED).asDoubtful());

    assertThat(permit(PermitKind.LAST_RESORT)).isEmpty();
  }

  @Test
  void anAnswerThatWasUnderWayBeforeTheHoldLiftsNothing() {
    Permit early = permit(PermitKind.NORMAL).orElseThrow();
    fail(PermitKind.NORMAL, Failures.of(Reason.ACCOUNT_DISABLED));
    early.succeeded(QUICK);

    assertThat(admission(MAIN)).isInstanceOf(Admission.Held.class);
  }

  @Test
  void anAnswerToALastResortLiftsTheHold() {
    fail(PermitKind.NORMAL, Failures.of(Reason.TIMEOUT));
    Permit lastResort = permit(PermitKind.LAST_RESORT).orElseThrow();
    lastResort.answering();

    assertThat(admission(MAIN)).isEqualTo(new Admission.Admitting());
    lastResort.succeeded(QUICK);
    assertThat(board.ownHolds().entries()).isEmpty();
  }

  @Test
  void twoLastResortsAreInFlightAtMost() {
    fail(PermitKind.NORMAL, Failures.of(Reason.TIMEOUT));
    Permit first = permit(PermitKind.LAST_RESORT).orElseThrow();
    var _ = permit(PermitKind.LAST_RESORT).orElseThrow();

    assertThat(permit(PermitKind.LAST_RESORT)).isEmpty();
    assertThat(board.view().lastResortFree(PROVIDER.name(), "m")).isFalse();
    first.ignored();
    first.ignored();
    assertThat(permit(PermitKind.LAST_RESORT)).isPresent();
    assertThat(permit(PermitKind.LAST_RESORT)).isEmpty();
  }

  @Test
  void aLostLeaseIsOverAfterAMinute() {
    fail(PermitKind.NORMAL, Failures.of(Reason.TIMEOUT));
    pass(Duration.ofSeconds(34));
    Permit lost = permit(PermitKind.PROBE).orElseThrow();
    pass(Ledger.LEASE.minusMillis(1));
    assertThat(permit(PermitKind.PROBE)).isEmpty();
    pass(Duration.ofMillis(1));
    var _ = permit(PermitKind.PROBE).orElseThrow();

    lost.ignored(); // it came back after all, and returns nobody else's lease
    assertThat(permit(PermitKind.PROBE)).isEmpty();
  }

  @Test
  void aCancelledProbeLeavesTheProbeToTheNext() {
    fail(PermitKind.NORMAL, Failures.of(Reason.TIMEOUT));
    pass(Duration.ofSeconds(34));
    permit(PermitKind.PROBE).orElseThrow().ignored();

    assertThat(permit(PermitKind.PROBE)).isPresent();
  }

  @Test
  void aCallersFaultIsHeldAgainstNobody() {
    fail(PermitKind.NORMAL, Failures.of(Reason.BAD_REQUEST));
    fail(PermitKind.NORMAL, Failures.of(Reason.CONTEXT_TOO_LONG));
    fail(PermitKind.NORMAL, Failures.of(Reason.REFUSED));

    assertThat(admission(MAIN)).isEqualTo(new Admission.Admitting());
    assertThat(board.available(PROVIDER.name())).isTrue();
  }

  @Test
  void aStalePooledConnectionIsHeldAgainstNobody() {
    fail(PermitKind.NORMAL, Failures.staleConnection());

    assertThat(admission(MAIN)).isEqualTo(new Admission.Admitting());
  }

  @Test
  void aChangedFingerprintEndsADeniedAccessAndNoBan() {
    ProviderConfig changed = Fleets.provider("one", "f2", Mode.ACTIVE, List.of(), MAIN, SPARE);
    fail(PermitKind.NORMAL, Failures.of(Reason.MODEL_NOT_FOUND));
    board.configured(Fleets.fleet(changed));
    assertThat(board.view().admission(changed, Optional.of(MAIN), "m", now))
        .isEqualTo(new Admission.Admitting());
    assertThat(board.inForce(now)).isEmpty();
    assertThat(board.available(changed.name())).isTrue();

    board
        .permit(changed, Optional.of(MAIN), "m", PermitKind.NORMAL)
        .orElseThrow()
        .failed(Failures.of(Reason.ACCOUNT_DISABLED));
    ProviderConfig again = Fleets.provider("one", "f3", Mode.ACTIVE, List.of(), MAIN, SPARE);
    board.configured(Fleets.fleet(again));
    assertThat(board.view().admission(again, Optional.of(MAIN), "m", now))
        .isInstanceOf(Admission.Held.class);
  }

  @Test
  void fromTheSecondFailureInARowAProviderIsUnavailableUntilASuccess() {
    succeed(PermitKind.NORMAL);
    fail(PermitKind.NORMAL, Failures.of(Reason.TIMEOUT));
    assertThat(board.available(PROVIDER.name())).isTrue();
    fail(PermitKind.NORMAL, Failures.of(Reason.TIMEOUT));
    assertThat(board.available(PROVIDER.name())).isFalse();
    succeed(PermitKind.NORMAL);
    assertThat(board.available(PROVIDER.name())).isTrue();
  }

  @Test
  void anotherGatewaysBanHoldsAndItsLiftEndsIt() {
    HealthBoard other = new HealthBoard(() -> now, new Random(8));
    List<HoldSet> told = new ArrayList<>();
    other.onFleetHoldsChanged(told::add);
    board.onFleetHoldsChanged(other::joinFleet);

    fail(PermitKind.NORMAL, Failures.of(Reason.ACCOUNT_DISABLED));
    assertThat(other.view().admission(PROVIDER, Optional.of(MAIN), "m", now))
        .isInstanceOf(Admission.Held.class);
    pass(Duration.ofSeconds(1));
    other.probeSucceeded(WHOLE, other.knowledge());
    board.joinFleet(told.getLast());

    assertThat(admission(MAIN)).isEqualTo(new Admission.Admitting());
  }

  @Test
  void aPersonsClearingEndsSoftHoldsAsWellAndBeginsAfresh() {
    fail(PermitKind.NORMAL, Failures.of(Reason.TIMEOUT));
    pass(Duration.ofSeconds(1));
    board.joinFleet(board.fleetHolds().liftedAll(PROVIDER.name(), now));

    assertThat(admission(MAIN)).isEqualTo(new Admission.Admitting());
    fail(PermitKind.NORMAL, Failures.of(Reason.TIMEOUT));
    assertThat(heldFor()).isBetween(Duration.ofSeconds(27), Duration.ofSeconds(33));
  }

  @Test
  void aBanIsProbedApartDoublingAndBeginsNoUserTraffic() {
    fail(PermitKind.NORMAL, Failures.of(Reason.ACCOUNT_DISABLED));
    pass(Duration.ofMinutes(13));
    assertThat(board.probesDue(now)).isEmpty();
    pass(Duration.ofMinutes(4));
    assertThat(board.probesDue(now)).containsExactly(WHOLE);
    assertThat(board.probesDue(now)).isEmpty();
    board.probeFailed(WHOLE, Failures.of(Reason.ACCOUNT_DISABLED));
    pass(Duration.ofMinutes(26));
    assertThat(board.probesDue(now)).isEmpty();
    pass(Duration.ofMinutes(8));
    assertThat(board.probesDue(now)).containsExactly(WHOLE);
    board.probeSucceeded(WHOLE, board.knowledge());

    assertThat(admission(MAIN)).isEqualTo(new Admission.Admitting());
    assertThat(board.available(PROVIDER.name())).isTrue();
  }

  @Test
  void aDrainedProviderIsNotProbed() {
    fail(PermitKind.NORMAL, Failures.of(Reason.ACCOUNT_DISABLED));
    board.configured(
        Fleets.fleet(Fleets.provider("one", "f1", Mode.DRAINED, List.of(), MAIN, SPARE)));
    pass(Duration.ofHours(1));

    assertThat(board.probesDue(now)).isEmpty();
  }

  @Test
  void aKeyOrModelThatIsNoLongerUsedIsNotProbed() {
    fail(PermitKind.NORMAL, Failures.of(Reason.ACCOUNT_DISABLED, Scope.CREDENTIAL));
    board.joinFleet(HoldSet.EMPTY.held(MODEL, ban(now)));
    pass(Duration.ofMinutes(20));
    FleetConfig unused =
        new FleetConfig(
            ContractVersion.CURRENT, "default", List.of(Fleets.provider("one", SPARE)), List.of());
    board.configured(unused);
    assertThat(board.probesDue(now)).isEmpty();

    board.configured(Fleets.fleet(PROVIDER));
    assertThat(board.probesDue(now)).hasSize(2).contains(MODEL);
  }

  @Test
  void aProbeLiftsNothingThatWasHeldWhileItWasUnderWay() {
    fail(PermitKind.NORMAL, Failures.of(Reason.ACCOUNT_DISABLED));
    long begun = board.knowledge();
    pass(Duration.ofSeconds(5));
    board.joinFleet(HoldSet.EMPTY.held(WHOLE, ban(now)));
    pass(Duration.ofSeconds(5));

    board.probeSucceeded(WHOLE, begun);
    assertThat(admission(MAIN)).isInstanceOf(Admission.Held.class);
    board.probeSucceeded(WHOLE, board.knowledge());
    assertThat(admission(MAIN)).isEqualTo(new Admission.Admitting());
  }

  @Test
  void aProbeThatIsToldADateIsNotRepeatedBefore() {
    fail(PermitKind.NORMAL, Failures.of(Reason.ACCOUNT_DISABLED));
    board.probeFailed(WHOLE, Failures.waiting(Failures.of(Reason.QUOTA_EXHAUSTED), "PT30H"));
    pass(Duration.ofHours(29));
    assertThat(board.probesDue(now)).isEmpty();
    pass(Duration.ofHours(2));
    assertThat(board.probesDue(now)).containsExactly(WHOLE);
  }

  @Test
  void anothersSuccessWithAModelLeavesThisGatewaysOwnHold() {
    fail(PermitKind.NORMAL, Failures.of(Reason.TIMEOUT));
    HoldSet limited =
        HoldSet.EMPTY.held(
            MODEL,
            new Hold(
                Reason.RATE_LIMITED,
                now,
                Optional.of(now.plusSeconds(1)),
                0,
                Failures.of(Reason.RATE_LIMITED).evidence(),
                "f1"));
    board.joinFleet(limited);
    pass(Duration.ofSeconds(2));
    board.joinFleet(limited.lifted(MODEL, now));

    assertThat(admission(MAIN))
        .isInstanceOfSatisfying(
            Admission.Held.class, held -> assertThat(held.reason()).isEqualTo(Reason.TIMEOUT));
  }

  @Test
  void whatIsGoneLeavesItsBanAndItsLiftsAndNotItsSoftHolds() {
    fail(PermitKind.NORMAL, Failures.of(Reason.TIMEOUT));
    board.joinFleet(HoldSet.EMPTY.held(WHOLE, ban(now)));
    HoldKey lifted = new HoldKey.OfCredential(PROVIDER.name(), SPARE.keyId());
    board.joinFleet(HoldSet.EMPTY.lifted(lifted, now));
    List<HoldSet> told = new ArrayList<>();
    board.onFleetHoldsChanged(told::add);

    board.configured(Fleets.fleet(Fleets.provider("two", MAIN)));
    assertThat(board.fleetHolds().entries()).containsOnlyKeys(WHOLE, lifted);
    assertThat(board.ownHolds()).isEqualTo(HoldSet.EMPTY);
    assertThat(board.inForce(now)).isEmpty();
    pass(Duration.ofMinutes(20));
    assertThat(board.probesDue(now)).isEmpty();

    board.configured(Fleets.fleet(PROVIDER));
    assertThat(admission(MAIN)).isInstanceOf(Admission.Held.class);
    assertThat(board.probesDue(now)).containsExactly(WHOLE);
    assertThat(told).last().isEqualTo(board.fleetHolds());
    board.joinFleet(HoldSet.EMPTY.held(lifted, ban(now.minus(Duration.ofHours(1)))));
    board.probeSucceeded(WHOLE, board.knowledge());
    assertThat(admission(SPARE)).isEqualTo(new Admission.Admitting());
  }

  @Test
  void aKeyThatIsGoneForAWhileIsStillDisabled() {
    fail(PermitKind.NORMAL, Failures.of(Reason.ACCOUNT_DISABLED, Scope.CREDENTIAL));
    board.configured(Fleets.fleet(Fleets.provider("one", SPARE)));
    board.configured(Fleets.fleet(PROVIDER));

    assertThat(admission(MAIN)).isInstanceOf(Admission.Held.class);
  }

  @Test
  void aProviderThatComesBackAsAnotherIsHeldForWhatTheFleetHoldsUntilTheFleetLiftsIt() {
    HoldKey lifted = new HoldKey.OfModel(PROVIDER.name(), "old");
    board.joinFleet(HoldSet.EMPTY.lifted(lifted, now));
    fail(PermitKind.NORMAL, Failures.of(Reason.ACCOUNT_DISABLED));
    HoldSet ofOperator = board.fleetHolds();
    board.configured(Fleets.fleet(Fleets.provider("two", MAIN)));
    board.configured(Fleets.fleet(Fleets.provider("one", "f2", Mode.ACTIVE, List.of(), SPARE)));

    assertThat(board.fleetHolds()).isEqualTo(ofOperator);
    assertThat(admission(SPARE)).isInstanceOf(Admission.Held.class);
    pass(Duration.ofMinutes(20));
    assertThat(board.probesDue(now)).containsExactly(WHOLE);
    board.probeSucceeded(WHOLE, board.knowledge());
    assertThat(ofOperator.join(board.fleetHolds()).inForce(WHOLE, now)).isEmpty();
    board.joinFleet(ofOperator); // what is still under way from before
    assertThat(admission(SPARE)).isEqualTo(new Admission.Admitting());
  }

  @Test
  void aProviderThatComesBackAsAnotherBeginsAfreshInWhatThisGatewayHoldsAlone() {
    Permit underWay = permit(PermitKind.NORMAL).orElseThrow();
    board.configured(Fleets.fleet(Fleets.provider("two", MAIN)));
    underWay.failed(Failures.of(Reason.TIMEOUT));
    board.configured(Fleets.fleet(Fleets.provider("one", "f2", Mode.ACTIVE, List.of(), MAIN)));

    assertThat(board.ownHolds()).isEqualTo(HoldSet.EMPTY);
    assertThat(admission(MAIN)).isEqualTo(new Admission.Admitting());
  }

  @Test
  void ofTooManyHoldsTheOldestOfWhatIsNotConfiguredGo() {
    fail(PermitKind.NORMAL, Failures.of(Reason.ACCOUNT_DISABLED));
    TreeMap<HoldKey, HoldSet.Entry> strangers = new TreeMap<>();
    for (int i = 0; i <= HealthBoard.HOLD_KEYS_MAX; i++) {
      strangers.put(
          new HoldKey.OfProvider(Fleets.name("stranger-" + i)),
          new HoldSet.Entry(Optional.empty(), List.of(ban(now.plusSeconds(i)))));
    }
    board.joinFleet(new HoldSet(strangers));

    assertThat(board.fleetHolds().entries())
        .hasSize(HealthBoard.HOLD_KEYS_MAX)
        .containsKey(WHOLE)
        .doesNotContainKey(new HoldKey.OfProvider(Fleets.name("stranger-0")))
        .doesNotContainKey(new HoldKey.OfProvider(Fleets.name("stranger-1")))
        .containsKey(new HoldKey.OfProvider(Fleets.name("stranger-2")));
  }

  @Test
  void aHoldThatIsOneTooManyNoLongerHolds() {
    ProviderConfig later = Fleets.provider("later", MAIN);
    HoldKey old = new HoldKey.OfProvider(later.name());
    board.joinFleet(HoldSet.EMPTY.held(old, ban(now.minusSeconds(1))));
    TreeMap<HoldKey, HoldSet.Entry> strangers = new TreeMap<>();
    for (int i = 0; i < HealthBoard.HOLD_KEYS_MAX; i++) {
      strangers.put(
          new HoldKey.OfProvider(Fleets.name("stranger-" + i)),
          new HoldSet.Entry(Optional.empty(), List.of(ban(now.plusSeconds(i)))));
    }
    board.joinFleet(new HoldSet(strangers));
    assertThat(board.fleetHolds().entries()).doesNotContainKey(old);

    board.configured(Fleets.fleet(PROVIDER, later));
    assertThat(board.view().admission(later, Optional.of(MAIN), "m", now))
        .isEqualTo(new Admission.Admitting());
  }

  private static Hold ban(Instant since) {
    return new Hold(
        Reason.ACCOUNT_DISABLED,
        since,
        Optional.empty(),
        0,
        Failures.of(Reason.ACCOUNT_DISABLED).evidence(),
        "f1");
  }

  @Test
  void theHoldsInForceAreListedWithTheirKeys() {
    fail(PermitKind.NORMAL, Failures.of(Reason.CREDENTIAL_REJECTED));
    board
        .permit(PROVIDER, Optional.of(SPARE), "m", PermitKind.NORMAL)
        .orElseThrow()
        .failed(Failures.of(Reason.TIMEOUT));

    assertThat(board.inForce(now))
        .extracting(
            hold -> hold.key().toString(), hold -> hold.hold().reason(), HoldInForce::fleetWide)
        .containsExactly(
            tuple("default/one#credential=aaaaaaaaaaaa", Reason.CREDENTIAL_REJECTED, true),
            tuple("default/one#model=m", Reason.TIMEOUT, false));
  }

  @Test
  void latencyRemembersAPeakAndIsBlindToFastFailures() {
    assertThat(score()).isZero();
    permit(PermitKind.NORMAL).orElseThrow().succeeded(Duration.ofSeconds(2));
    permit(PermitKind.NORMAL).orElseThrow().succeeded(Duration.ofMillis(100));
    assertThat(score()).isGreaterThan(1.9);
    fail(PermitKind.NORMAL, Failures.of(Reason.SERVER_ERROR));
    assertThat(score()).isGreaterThan(1.9);
    pass(Duration.ofMinutes(1));
    assertThat(score()).isBetween(0.1, 0.5);
  }

  @Test
  void aTargetThatOnlyFailedIsNeverTheFastest() {
    fail(PermitKind.NORMAL, Failures.of(Reason.SERVER_ERROR));

    assertThat(score()).isInfinite();
  }

  private double score() {
    return board.view().latencyScore(PROVIDER.name(), "m", now);
  }
}
