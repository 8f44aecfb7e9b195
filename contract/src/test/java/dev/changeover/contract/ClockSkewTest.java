package dev.changeover.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ClockSkewTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  record Case(String sentence, long differenceMillis, long shiftMillis) {
    @Override
    public String toString() {
      return sentence;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case("clocks that agree add nothing", 3, 0),
        new Case("a second of delay adds nothing", 1_000, 0),
        new Case("a sender two seconds behind is moved on", 2_001, 2_000),
        new Case("a sender half a second ahead is left alone", -400, 0),
        new Case("a sender ten seconds ahead is moved back", -9_998, -10_000),
        new Case("between two steps the lower one is taken", 3_400, 2_000));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shiftOfOneMessage(Case one) {
    ClockSkew skew = ClockSkew.UNKNOWN.with(NOON, NOON.plusMillis(one.differenceMillis()));
    assertThat(skew.shift()).isEqualTo(Duration.ofMillis(one.shiftMillis()));
  }

  @Test
  void aMessageThatWasLongUnderWayChangesNothing() {
    ClockSkew skew =
        ClockSkew.UNKNOWN.with(NOON, NOON.plusMillis(2)).with(NOON, NOON.plusSeconds(9));
    assertThat(skew.shift()).isZero();
  }

  @Test
  void onlyTheLastMessagesCount() {
    ClockSkew skew = ClockSkew.UNKNOWN.with(NOON, NOON);
    for (int i = 0; i < 100; i++) {
      skew = skew.with(NOON, NOON.plusSeconds(30));
    }
    assertThat(skew.differences()).hasSize(8);
    assertThat(skew.shift()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void aWayToAndFroNeverLengthensAHold() {
    for (long ahead = -10_000; ahead <= 10_000; ahead += 7) {
      for (long delay : new long[] {0, 1, 40, 450}) {
        Duration there = ClockSkew.UNKNOWN.with(NOON, NOON.plusMillis(ahead + delay)).shift();
        Duration back = ClockSkew.UNKNOWN.with(NOON, NOON.plusMillis(delay - ahead)).shift();
        assertThat(there.plus(back)).isLessThanOrEqualTo(Duration.ZERO);
      }
    }
  }
}
