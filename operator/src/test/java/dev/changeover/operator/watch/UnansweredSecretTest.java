package dev.changeover.operator.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.operator.watch.SecretWatch.Awaited;
import dev.changeover.operator.watch.SecretWatch.Fault;
import dev.changeover.operator.watch.SecretWatch.Patience;
import dev.changeover.operator.watch.SecretWatch.Reading;
import dev.changeover.operator.watch.SecretWatch.Unreadable;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who waits for a Secret that has no answer, and for how long. */
final class UnansweredSecretTest {
  record Case(String sentence, int status, Duration waited, boolean readOnce, Reading reading) {
    @Override
    public String toString() {
      return sentence;
    }
  }

  static Stream<Case> cases() {
    String silent = "the API server does not answer";
    String busy = "the API server refuses it with status 503";
    String forbidden = "the API server refuses it with status 403";
    return Stream.of(
        new Case("at first all wait, whatever is said", 403, millis(0), false, allWait(forbidden)),
        new Case("at first all wait for 30 s", 403, millis(29_999), false, allWait(forbidden)),
        new Case("after 30 s it is refused", 403, millis(30_000), false, unreadable(forbidden)),
        new Case("at first a fault has 30 s, too", 503, millis(29_999), false, allWait(busy)),
        new Case("after 30 s the fault is told", 503, millis(30_000), false, unreadable(busy)),
        new Case("later a refusal is told at once", 403, millis(0), true, unreadable(forbidden)),
        new Case("later all wait for 2 s for an answer", 0, millis(1_999), true, allWait(silent)),
        new Case("and then only its provider", 0, millis(2_000), true, itsProviderWaits(silent)),
        new Case("a fault is no answer for 2 s", 503, millis(1_999), true, allWait(busy)),
        new Case("a fault after 2 s", 503, millis(2_000), true, itsProviderWaits(busy)),
        new Case("its provider waits for 30 s", 503, millis(29_999), true, itsProviderWaits(busy)),
        new Case(
            "and then sees that it is unreadable", 503, millis(30_000), true, unreadable(busy)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aSecretWithoutAnAnswerIsAwaitedOrUnreadable(Case one) {
    assertThat(SecretWatch.unanswered(new Fault(one.status()), one.waited(), one.readOnce()))
        .isEqualTo(one.reading());
  }

  private static Duration millis(long count) {
    return Duration.ofMillis(count);
  }

  private static Reading allWait(String why) {
    return new Awaited(Patience.ALL_WAIT, why);
  }

  private static Reading itsProviderWaits(String why) {
    return new Awaited(Patience.ITS_PROVIDER_WAITS, why);
  }

  private static Reading unreadable(String why) {
    return new Unreadable(why);
  }
}
