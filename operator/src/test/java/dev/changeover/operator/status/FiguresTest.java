package dev.changeover.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

final class FiguresTest {
  @Test
  void aHundredPercentMeansThatNothingFailed() {
    assertThat(Figures.percent(OptionalDouble.of(100))).isEqualTo("100%");
    assertThat(Figures.percent(OptionalDouble.of(99.99))).isEqualTo("99.9%");
    assertThat(Figures.percent(OptionalDouble.of(0))).isEqualTo("0.0%");
    assertThat(Figures.percent(OptionalDouble.empty())).isEqualTo("-");
  }

  @Test
  void secondsHaveTheDigitsThatMatter() {
    assertThat(Figures.seconds(OptionalDouble.of(0.351))).isEqualTo("350ms");
    assertThat(Figures.seconds(OptionalDouble.of(0.999))).isEqualTo("1.0s");
    assertThat(Figures.seconds(OptionalDouble.of(2.14))).isEqualTo("2.1s");
    assertThat(Figures.seconds(OptionalDouble.of(12.6))).isEqualTo("13s");
    assertThat(Figures.seconds(OptionalDouble.empty())).isEqualTo("-");
  }

  @Test
  void countsAreShort() {
    assertThat(Figures.count(999)).isEqualTo("999");
    assertThat(Figures.count(1_200)).isEqualTo("1.2k");
    assertThat(Figures.count(12_300)).isEqualTo("12k");
    assertThat(Figures.count(999_900)).isEqualTo("1.0M");
    assertThat(Figures.count(3_100_000)).isEqualTo("3.1M");
  }

  @Test
  void theEndOfAHoldIsAsExactAsItIsLong() {
    Instant since = Instant.parse("2026-11-24T12:00:00Z");
    assertThat(Times.end(since, since.plusSeconds(30))).isEqualTo("12:00:30 UTC");
    assertThat(Times.end(since, since.plusSeconds(7200))).isEqualTo("14:00 UTC");
    assertThat(Times.end(since, since.plusSeconds(86_400))).isEqualTo("2026-11-25 12:00 UTC");
  }
}
