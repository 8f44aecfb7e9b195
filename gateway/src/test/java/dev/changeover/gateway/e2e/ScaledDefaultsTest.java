package dev.changeover.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.changeover.contract.Attempts;
import dev.changeover.contract.Timeouts;
import dev.changeover.testkit.client.ChatResult;
import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.provider.Behaviour;
import dev.changeover.testkit.provider.Dialect;
import dev.changeover.testkit.provider.Fault;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a provider that hangs costs by default, on a clock that runs fifty times as fast. */
final class ScaledDefaultsTest {
  private static final int FASTER = 50;
  private static final Timeouts TIMEOUTS =
      new Timeouts(
          Timeouts.DEFAULT.connect(), // loopback is as far away as it is
          Timeouts.DEFAULT.firstToken().dividedBy(FASTER),
          Timeouts.DEFAULT.idle().dividedBy(FASTER),
          Timeouts.DEFAULT.answer().dividedBy(FASTER),
          Timeouts.DEFAULT.total().dividedBy(FASTER));
  private static final Attempts ATTEMPTS =
      new Attempts(
          Attempts.DEFAULT.max(),
          Attempts.DEFAULT.deadline().dividedBy(FASTER),
          Attempts.DEFAULT.waitOut());
  private static final Duration SLACK = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Scene scene = new Scene();
  private final PingingOrigin pinging = new PingingOrigin();

  @BeforeEach
  void putUp() {
    for (Dialect dialect : Dialect.values()) {
      scene.provider(first(dialect), dialect, TIMEOUTS);
      scene.provider(second(dialect), dialect, TIMEOUTS);
      scene.route(model(dialect), ATTEMPTS, first(dialect), second(dialect));
      scene.route("warm-" + model(dialect), ATTEMPTS, second(dialect));
    }
    scene.origin("pinging", Dialect.ANTHROPIC, pinging.url(), TIMEOUTS, List.of());
    scene.route("pinged", ATTEMPTS, "pinging", second(Dialect.ANTHROPIC));
    scene.apply();
    for (Dialect dialect : Dialect.values()) {
      scene.ask(dialect, "warm-" + model(dialect), true);
      scene.ask(dialect, "warm-" + model(dialect), false);
    }
  }

  @AfterEach
  void close() {
    scene.close();
    pinging.close();
  }

  static Stream<Arguments> hangs() {
    Behaviour beforeHeaders = new Fault.NoAnswerBeforeHeaders();
    Behaviour afterHeaders = new Fault.SlowFirstToken(LONG);
    Behaviour amidTheBody = new Fault.StallAfterHalf();
    return Stream.of(Dialect.values())
        .flatMap(dialect ->
            Stream.of(
                arguments(dialect, true, beforeHeaders, TIMEOUTS.firstToken()),
                arguments(dialect, true, afterHeaders, TIMEOUTS.firstToken()),
                arguments(dialect, false, beforeHeaders, TIMEOUTS.answer()),
                arguments(dialect, false, amidTheBody, TIMEOUTS.answer())));
  }

  @ParameterizedTest
  @MethodSource("hangs")
  void theFirstHangsAndTheSecondAnswers(
      Dialect dialect, boolean streaming, Behaviour hang, Duration patience) {
    // Given
    scene.simulated(first(dialect)).always(hang);
    // When
    ChatResult result = scene.ask(dialect, model(dialect), streaming);
    // Then
    isAnsweredBy(second(dialect), result, patience);
  }

  @Test
  void pingsAloneAreNoFirstToken() throws InterruptedException {
    // When
    ChatResult result = scene.ask(Dialect.ANTHROPIC, "pinged", true);
    // Then
    isAnsweredBy(second(Dialect.ANTHROPIC), result, TIMEOUTS.firstToken());
    assertThat(pinging.clientLeft()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("dialects")
  void aStreamThatStandsStillIsEndedHonestlyAfterItsIdleTime(Dialect dialect) {
    // Given
    scene.simulated(first(dialect)).always(new Fault.StallAfterHalf());
    // When
    ChatResult result = scene.ask(dialect, model(dialect), true);
    // Then
    assertThat(result).isInstanceOf(ChatResult.HonestError.class);
    assertThat(Duration.ofNanos(result.reply().nanos()))
        .isBetween(TIMEOUTS.idle(), TIMEOUTS.idle().plus(SLACK));
  }

  static Stream<Dialect> dialects() {
    return Stream.of(Dialect.values());
  }

  @Test
  void byDefaultAStreamIsGivenUpBeforeAnAnswerAndBothLongBeforeTheDeadline() {
    assertThat(Timeouts.DEFAULT.firstToken().multipliedBy(2)).isLessThan(Timeouts.DEFAULT.answer());
    assertThat(Timeouts.DEFAULT.answer().multipliedBy(Attempts.DEFAULT.max()))
        .isLessThan(Attempts.DEFAULT.deadline());
  }

  private static void isAnsweredBy(String provider, ChatResult result, Duration patience) {
    assertThat(result).isInstanceOf(Complete.class);
    assertThat(result.reply().provider()).isEqualTo("default/" + provider);
    assertThat(result.reply().attempts()).isEqualTo(2);
    assertThat(result.reply().reason()).isEqualTo("Timeout");
    assertThat(Duration.ofNanos(result.reply().nanos()))
        .isBetween(patience, patience.plus(SLACK))
        .isLessThan(ATTEMPTS.deadline());
  }

  private static String first(Dialect dialect) {
    return "first-" + word(dialect);
  }

  private static String second(Dialect dialect) {
    return "second-" + word(dialect);
  }

  private static String model(Dialect dialect) {
    return "model-" + word(dialect);
  }

  private static String word(Dialect dialect) {
    return switch (dialect) {
      case OPENAI -> "openai";
      case ANTHROPIC -> "anthropic";
    };
  }
}
