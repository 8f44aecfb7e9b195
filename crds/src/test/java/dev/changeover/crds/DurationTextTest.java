package dev.changeover.crds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.testkit.Seeds;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DurationTextTest {

  record Case(String sentence, String text, Duration duration) {
    @Override
    public String toString() {
      return sentence;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case("seconds", "30s", Duration.ofSeconds(30)),
        new Case("minutes", "2m", Duration.ofMinutes(2)),
        new Case("minutes and seconds", "1m30s", Duration.ofSeconds(90)),
        new Case("milliseconds are not minutes", "250ms", Duration.ofMillis(250)),
        new Case("minutes before milliseconds", "1m5ms", Duration.ofMillis(60_005)),
        new Case("more seconds than a minute has", "600s", Duration.ofMinutes(10)),
        new Case("the largest part", "999999h", Duration.ofHours(999_999)),
        new Case("nothing", "0s", Duration.ZERO));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void textMeansADuration(Case example) {
    assertThat(DurationText.parse(example.text)).contains(example.duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "30",
        "s",
        "30 s",
        "-1s",
        "1.5s",
        "1d",
        "30S",
        "1m 30s",
        "1000000s",
        "30s\n",
        "1h1h1h1h1h",
        "111111h22222222s"
      })
  void otherTextMeansNone(String text) {
    assertThat(DurationText.parse(text)).isEqualTo(Optional.empty());
  }

  @Test
  void everyDurationThatIsWrittenIsReadAgain() {
    Seeds.forEach(
        500,
        random -> {
          Duration duration = Duration.ofMillis(random.nextLong(Duration.ofHours(100).toMillis()));
          String text = DurationText.format(duration);
          assertThat(DurationText.parse(text)).as(text).contains(duration);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"30s", "2m", "1m30s", "250ms", "0s", "24h", "1h5ms"})
  void shortTextIsKept(String text) {
    assertThat(DurationText.parse(text).map(DurationText::format)).contains(text);
  }

  @Test
  void negativeDurationsAreRefused() {
    assertThatThrownBy(() -> DurationText.format(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
