package dev.changeover.gateway.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.within;

import dev.changeover.gateway.classify.Outcome.Failure;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every known error reply of the providers is taken for what it is. */
class KnownRepliesTest {
  private static final Set<String> WITH_RULES = Set.of("openai", "anthropic");

  static Stream<KnownReply> ofProvidersWithRules() {
    return KnownReply.all().stream().filter(reply -> WITH_RULES.contains(reply.provider()));
  }

  static Stream<KnownReply> ofOtherProviders() {
    return KnownReply.all().stream().filter(reply -> !WITH_RULES.contains(reply.provider()));
  }

  /** Rows of others whose status leads to the expected reason by itself. */
  static Stream<KnownReply> decidedByStatus() {
    return ofOtherProviders()
        .filter(reply -> !reply.event() && reply.status() >= 400)
        .filter(reply -> StatusRules.reason(reply.status()) == reply.reason())
        .filter(reply -> reply.reason().usualScope() == reply.scope());
  }

  @ParameterizedTest
  @MethodSource("ofProvidersWithRules")
  void replyIsTakenForWhatItIs(KnownReply reply) {
    Outcome outcome = reply.classified();

    assertThat(outcome)
        .asInstanceOf(InstanceOfAssertFactories.type(Failure.class))
        .satisfies(failure -> {
          assertThat(failure.reason()).isEqualTo(reply.reason());
          assertThat(failure.scope()).isEqualTo(reply.scope());
          assertThat(failure.reason().countsAgainstHealth()).isEqualTo(reply.countsAgainstHealth());
          assertThat(failure.unclassified()).isFalse();
          assertThat(failure.doubtful()).isFalse();
          assertWait(reply, failure);
        });
  }

  @ParameterizedTest
  @MethodSource("decidedByStatus")
  void replyOfAnotherProviderIsTakenByItsStatus(KnownReply reply) {
    Outcome outcome = reply.classified();

    assertThat(outcome)
        .asInstanceOf(InstanceOfAssertFactories.type(Failure.class))
        .satisfies(failure -> {
          assertThat(failure.reason()).isEqualTo(reply.reason());
          assertThat(failure.scope()).isEqualTo(reply.scope());
          assertWait(reply, failure);
        });
  }

  @ParameterizedTest
  @MethodSource("ofOtherProviders")
  void noReplyOfAnyProviderThrowsOrPasses(KnownReply reply) {
    assertThatCode(reply::classified).doesNotThrowAnyException();
    assertThat(reply.classified()).isInstanceOf(Failure.class);
  }

  @Test
  void mostRepliesOfOthersAreUnderstoodWithoutRulesOfTheirOwn() {
    List<KnownReply> missed =
        ofOtherProviders()
            .filter(reply ->
                !(reply.classified() instanceof Failure failure
                    && failure.reason() == reply.reason()))
            .toList();

    assertThat(missed).hasSizeLessThanOrEqualTo(25);
  }

  @Test
  void theTableIsWhole() {
    assertThat(ofProvidersWithRules()).hasSize(41);
    assertThat(ofOtherProviders()).hasSize(69);
    assertThat(decidedByStatus()).hasSizeGreaterThan(20);
  }

  private static void assertWait(KnownReply reply, Failure failure) {
    assertThat(failure.statedWait().isPresent()).isEqualTo(reply.waitSeconds().isPresent());
    reply
        .waitSeconds()
        .ifPresent(seconds ->
            assertThat(failure.statedWait().orElseThrow().toMillis() / 1_000.0)
                .isCloseTo(seconds, within(0.01)));
  }
}
