package dev.changeover.gateway.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.contract.HealthPolicy;
import dev.changeover.contract.Reason;
import dev.changeover.gateway.classify.Outcome.Failure;
import dev.changeover.testkit.Seeds;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class HoldLengthTest {
  /** Draws the middle: no jitter. */
  private static final RandomGenerator MIDDLE =
      new RandomGenerator() {
        @Override
        public long nextLong() {
          return 1L << 63;
        }
      };

  record Case(String sentence, Failure failure, int step, Optional<Duration> expected) {
    @Override
    public String toString() {
      return sentence;
    }
  }

  private static Case endless(String sentence, Reason reason) {
    return new Case(sentence, Failures.of(reason), 3, Optional.empty());
  }

  private static Case lasts(String sentence, Failure failure, int step, String length) {
    return new Case(sentence, failure, step, Optional.of(Duration.parse(length)));
  }

  static Stream<Case> cases() {
    Failure limited = Failures.of(Reason.RATE_LIMITED);
    Failure quota = Failures.of(Reason.QUOTA_EXHAUSTED);
    Failure rejected = Failures.of(Reason.CREDENTIAL_REJECTED);
    Failure overloaded = Failures.of(Reason.OVERLOADED);
    return Stream.of(
        lasts("a rate limit without a wait lasts 1 s", limited, 0, "PT1S"),
        lasts("and doubles", limited, 3, "PT8S"),
        lasts("to 60 s", limited, 9, "PT1M"),
        lasts("a stated wait is obeyed", Failures.waiting(limited, "PT17S"), 9, "PT17S"),
        lasts("no shorter than 250 ms", Failures.waiting(limited, "PT0.01S"), 0, "PT0.25S"),
        lasts("no longer than 5 min", Failures.waiting(limited, "PT2H"), 0, "PT5M"),
        lasts("an overload lasts the policy's first hold", overloaded, 0, "PT30S"),
        lasts("and doubles", overloaded, 2, "PT2M"),
        lasts("to the policy's longest", overloaded, 20, "PT5M"),
        lasts(
            "an overload with a longer stated wait lasts that long",
            Failures.waiting(overloaded, "PT50S"),
            0,
            "PT50S"),
        lasts(
            "an overload with a shorter stated wait lasts as usual",
            Failures.waiting(overloaded, "PT2S"),
            0,
            "PT30S"),
        lasts("an unreachable origin likewise", Failures.of(Reason.UNREACHABLE), 1, "PT1M"),
        lasts("a quota without a date lasts 5 min", quota, 0, "PT5M"),
        lasts("and doubles to 1 h", quota, 4, "PT1H"),
        lasts("a stated date is obeyed", Failures.waiting(quota, "PT240H"), 0, "PT240H"),
        lasts("for no more than 35 days", Failures.waiting(quota, "PT2400H"), 0, "PT840H"),
        lasts("unpaid bills likewise", Failures.of(Reason.BILLING_INACTIVE), 1, "PT10M"),
        lasts("a rejected key lasts 1 min", rejected, 0, "PT1M"),
        lasts("and doubles to 1 h", rejected, 7, "PT1H"),
        lasts(
            "doubtful evidence of a ban lasts 30 s",
            Failures.of(Reason.ACCOUNT_DISABLED).asDoubtful(),
            5,
            "PT30S"),
        lasts("doubtful evidence of a quota lasts 30 s", quota.asDoubtful(), 5, "PT30S"),
        endless("a ban has no end", Reason.ACCOUNT_DISABLED),
        endless("a denied access has no end", Reason.ACCESS_DENIED),
        endless("an unknown model has no end", Reason.MODEL_NOT_FOUND));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void lasts(Case each) {
    assertThat(HoldLength.of(each.failure(), HealthPolicy.DEFAULT, each.step(), MIDDLE))
        .isEqualTo(each.expected());
  }

  @Test
  void jitterStaysWithinTenPercent() {
    Seeds.forEach(
        200,
        random ->
            assertThat(
                    HoldLength.of(Failures.of(Reason.TIMEOUT), HealthPolicy.DEFAULT, 0, random)
                        .orElseThrow())
                .isBetween(Duration.ofSeconds(27), Duration.ofSeconds(33)));
  }

  @Test
  void probesComeAfterAQuarterOfAnHourDoublingToSixHours() {
    assertThat(HoldLength.untilProbe(0, MIDDLE)).isEqualTo(Duration.ofMinutes(15));
    assertThat(HoldLength.untilProbe(3, MIDDLE)).isEqualTo(Duration.ofHours(2));
    assertThat(HoldLength.untilProbe(9, MIDDLE)).isEqualTo(Duration.ofHours(6));
  }

  @Test
  void nothingIsHeldForACallersFault() {
    assertThatThrownBy(() ->
            HoldLength.of(Failures.of(Reason.BAD_REQUEST), HealthPolicy.DEFAULT, 0, new Random(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
