package dev.changeover.gateway.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeover.gateway.classify.Outcome.Failure;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every known error reply of the providers is taken for what it is. */
class KnownRepliesTest {

  static List<KnownReply> all() {
    return KnownReply.all();
  }

  @ParameterizedTest
  @MethodSource("all")
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

  @Test
  void theTableIsWhole() {
    assertThat(all()).hasSize(110);
    assertThat(all().stream().map(KnownReply::provider).distinct()).hasSize(16);
    assertThat(all().stream().filter(KnownReply::event)).hasSize(6);
  }

  @Test
  void everyVendorHasAReply() {
    Set<Vendor> vendors = all().stream().map(KnownReply::vendor).collect(Collectors.toSet());

    assertThat(vendors).containsExactlyInAnyOrder(Vendor.values());
  }

  /** Without its host a reply may be taken for less than it is, but never passes as an answer. */
  @ParameterizedTest
  @MethodSource("all")
  void replyFromAnUnknownHostIsAFailure(KnownReply reply) {
    assertThat(reply.classified(Vendor.OTHER)).isInstanceOf(Failure.class);
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
