package dev.changeover.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.testkit.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HoldSetTest {
  private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");
  private static final ObjectName ANTHROPIC = ObjectName.parse("default/anthropic");
  private static final HoldKey ACCOUNT = new HoldKey.OfProvider(ANTHROPIC);
  private static final HoldKey MODEL = new HoldKey.OfModel(ANTHROPIC, "claude");
  private static final List<HoldKey> KEYS =
      List.of(ACCOUNT, MODEL, new HoldKey.OfCredential(ANTHROPIC, "0123456789ab"));

  @Test
  void joinDoesNotDependOnOrderGroupingOrRepetition() {
    Seeds.forEach(
        5_000,
        random -> {
          HoldSet a = history(random);
          HoldSet b = history(random);
          HoldSet c = history(random);
          assertThat(a.join(b)).isEqualTo(b.join(a));
          assertThat(a.join(b).join(c)).isEqualTo(a.join(b.join(c)));
          assertThat(a.join(a)).isEqualTo(a);
          assertThat(a.join(b).join(b)).isEqualTo(a.join(b));
        });
  }

  /** Each replica hears everything, in any order, twice or more: all end with the same bytes. */
  @Test
  void replicasThatHeardTheSameAgreeInEveryByte() {
    Seeds.forEach(
        1_000,
        random -> {
          List<HoldSet> said = new ArrayList<>();
          for (int i = 0; i < 6; i++) {
            said.add(history(random));
          }
          List<HoldSet> twice = new ArrayList<>(said);
          twice.addAll(said);
          Collections.shuffle(twice, random);
          HoldSet first = said.stream().reduce(HoldSet.EMPTY, HoldSet::join);
          HoldSet second = twice.stream().reduce(HoldSet.EMPTY, HoldSet::join);
          assertThat(ContractJson.write(second)).isEqualTo(ContractJson.write(first));
        });
  }

  @Test
  void aLiftBeatsWhatBeganBeforeItOnEveryPath() {
    Seeds.forEach(
        2_000,
        random -> {
          HoldSet before = history(random);
          Instant lift = START.plusSeconds(random.nextInt(200));
          HoldSet lifted = before.lifted(ACCOUNT, lift);
          HoldSet rejoined = before.join(lifted).join(before);
          assertThat(rejoined.inForce(ACCOUNT, START)).isEmpty();
          assertThat(rejoined.inForce(MODEL, START)).isEqualTo(before.inForce(MODEL, START));
        });
  }

  @Test
  void aLiftBetweenTwoBeginningsEndsOnlyTheEarlier() {
    // Given: the earlier hold ends later, so it alone prevails until the lift is heard
    HoldSet early = HoldSet.EMPTY.held(ACCOUNT, ban(0));
    HoldSet late = HoldSet.EMPTY.held(ACCOUNT, rateLimited(20, 60));
    HoldSet lift = HoldSet.EMPTY.lifted(ACCOUNT, START.plusSeconds(10));
    // When
    HoldSet heard = early.join(late).join(lift);
    // Then
    assertThat(heard.inForce(ACCOUNT, START.plusSeconds(30)))
        .map(Hold::reason)
        .contains(Reason.RATE_LIMITED);
    assertThat(heard).isEqualTo(lift.join(late).join(early));
  }

  @Test
  void theLaterEndPrevails() {
    HoldSet set = HoldSet.EMPTY.held(MODEL, rateLimited(0, 60)).held(MODEL, rateLimited(5, 10));
    assertThat(set.inForce(MODEL, START.plusSeconds(30))).isPresent();
  }

  @Test
  void aHoldOfAClockThatRunsBehindIsStampedAfterTheLift() {
    HoldSet lifted = HoldSet.EMPTY.held(ACCOUNT, ban(0)).lifted(ACCOUNT, START.plusSeconds(100));
    HoldSet again = lifted.held(ACCOUNT, ban(50));
    assertThat(again.inForce(ACCOUNT, START.plusSeconds(101))).isPresent();
  }

  @Test
  void aLiftOfAClockThatRunsBehindIsStampedAtTheHold() {
    HoldSet lifted = HoldSet.EMPTY.held(ACCOUNT, ban(100)).lifted(ACCOUNT, START);
    assertThat(lifted.inForce(ACCOUNT, START.plusSeconds(200))).isEmpty();
  }

  @Test
  void liftingAProviderLiftsItsKeysAndModelsAndNoOther() {
    HoldKey other = HoldKey.parse("default/openai");
    HoldSet set = HoldSet.EMPTY.held(other, ban(0));
    for (HoldKey key : KEYS) {
      set = set.held(key, ban(0));
    }
    HoldSet lifted = set.liftedAll(ANTHROPIC, START.plusSeconds(1));
    for (HoldKey key : KEYS) {
      assertThat(lifted.inForce(key, START.plusSeconds(2))).isEmpty();
    }
    assertThat(lifted.inForce(other, START.plusSeconds(2))).isPresent();
  }

  @Test
  void pruningKeepsLiftsAndDropsWhatIsOverOrUnwanted() {
    HoldSet set =
        HoldSet.EMPTY
            .held(MODEL, rateLimited(0, 10))
            .lifted(ACCOUNT, START)
            .held(HoldKey.parse("gone/provider"), ban(0));
    HoldSet pruned =
        set.pruned(key -> !key.provider().namespace().equals("gone"), START.plusSeconds(60));
    assertThat(pruned.entries().keySet()).containsExactly(ACCOUNT);
    assertThat(pruned.lastLift(ACCOUNT)).contains(START);
  }

  @Test
  void aForeignClockMovesEndsAndKeepsBeginnings() {
    HoldSet moved = HoldSet.EMPTY.held(MODEL, rateLimited(0, 60)).shifted(Duration.ofSeconds(-30));
    Hold hold = moved.last(MODEL).orElseThrow();
    assertThat(hold.since()).isEqualTo(START);
    assertThat(hold.until()).contains(START.plusSeconds(30));
  }

  private static HoldSet history(Random random) {
    HoldSet set = HoldSet.EMPTY;
    int steps = random.nextInt(8);
    for (int i = 0; i < steps; i++) {
      HoldKey key = KEYS.get(random.nextInt(KEYS.size()));
      int at = random.nextInt(20) * 10;
      set =
          switch (random.nextInt(4)) {
            case 0 -> set.lifted(key, START.plusSeconds(at));
            case 1 -> set.held(key, ban(at));
            default -> set.held(key, rateLimited(at, random.nextInt(10) * 10));
          };
    }
    return set;
  }

  private static Hold ban(int sinceSeconds) {
    return new Hold(
        Reason.ACCOUNT_DISABLED,
        START.plusSeconds(sinceSeconds),
        Optional.empty(),
        0,
        Evidence.NONE,
        "");
  }

  private static Hold rateLimited(int sinceSeconds, int seconds) {
    Instant since = START.plusSeconds(sinceSeconds);
    return new Hold(
        Reason.RATE_LIMITED,
        since,
        Optional.of(since.plusSeconds(seconds)),
        seconds % 3,
        Evidence.NONE,
        "");
  }
}
