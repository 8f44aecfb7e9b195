package dev.changeover.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.contract.Attempts;
import dev.changeover.contract.Scope;
import dev.changeover.contract.Timeouts;
import dev.changeover.testkit.client.ChatCall;
import dev.changeover.testkit.client.ChatClient;
import dev.changeover.testkit.client.ChatResult;
import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.client.ChatResult.HonestError;
import dev.changeover.testkit.provider.Answer;
import dev.changeover.testkit.provider.Dialect;
import dev.changeover.testkit.provider.Fault;
import dev.changeover.testkit.provider.LedgerEntry;
import dev.changeover.testkit.provider.Pacing;
import dev.changeover.testkit.provider.SimulatedProvider;
import dev.changeover.testkit.provider.VendorReplies;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** When another key or another target is taken, when the first is waited for, and when neither. */
final class SwitchingTest {
  private static final String MODEL = "assistant";
  private static final Duration NOTICED = Duration.ofSeconds(3);

  private final Scene scene = new Scene();
  private final SimulatedProvider first =
      scene.provider("first", Dialect.ANTHROPIC, "key-one", "key-two");
  private final SimulatedProvider second = scene.provider("second", Dialect.OPENAI);

  @AfterEach
  void close() {
    scene.close();
  }

  static Stream<Arguments> callers() {
    return Stream.of(Dialect.values())
        .flatMap(dialect -> Stream.of(Arguments.of(dialect, false), Arguments.of(dialect, true)));
  }

  @ParameterizedTest
  @MethodSource("callers")
  void aRejectedKeyIsLeftForTheAccountsNext(Dialect dialect, boolean streaming) {
    // Given
    route(Scene.ATTEMPTS);
    first.script(call ->
        call.keyName().equals("key0") ? VendorReplies.anthropicInvalidKey() : Answer.atOnce());
    // When
    ChatResult result = scene.ask(dialect, MODEL, streaming);
    ChatResult next = scene.ask(dialect, MODEL, streaming);
    // Then
    assertThat(Stream.of(result, next)).allSatisfy(it -> isAnsweredBy("first", it));
    assertThat(result.reply().attempts()).isEqualTo(2);
    assertThat(next.reply().attempts()).isEqualTo(1);
    assertThat(first.ledger().entries().stream().map(entry -> entry.call().keyName()))
        .containsExactly("key0", "key1", "key1");
    assertThat(scene.holds("first"))
        .singleElement()
        .satisfies(hold -> assertThat(hold.key().scope()).isEqualTo(Scope.CREDENTIAL));
  }

  @ParameterizedTest
  @MethodSource("callers")
  void aBannedAccountIsNeverAskedWithItsSecondKey(Dialect dialect, boolean streaming) {
    // Given
    route(Scene.ATTEMPTS);
    first.ban(VendorReplies.anthropicOrganizationDisabled());
    // When
    ChatResult result = scene.ask(dialect, MODEL, streaming);
    ChatResult next = scene.ask(dialect, MODEL, streaming);
    // Then
    assertThat(Stream.of(result, next)).allSatisfy(it -> isAnsweredBy("second", it));
    assertThat(Stream.of(result, next))
        .allSatisfy(it -> assertThat(it.reply().reason()).isEqualTo("AccountDisabled"));
    assertThat(first.ledger().entries().stream().map(entry -> entry.call().keyName()))
        .containsExactly("key0");
    assertThat(scene.available("first")).isFalse();
  }

  @ParameterizedTest
  @MethodSource("callers")
  void aShortStatedWaitIsWaitedOutOnceToStayOnTheModel(Dialect dialect, boolean streaming) {
    // Given
    route(new Attempts(4, Duration.ofSeconds(10), Duration.ofSeconds(2)));
    first.script(call ->
        call.number() == 1
            ? VendorReplies.anthropicRateLimited(Duration.ofSeconds(1))
            : Answer.atOnce());
    // When
    ChatResult result = scene.ask(dialect, MODEL, streaming);
    // Then
    isAnsweredBy("first", result);
    assertThat(result.reply().attempts()).isEqualTo(2);
    assertThat(Duration.ofNanos(result.reply().nanos()))
        .isBetween(Duration.ofSeconds(1), Duration.ofMillis(2_500));
    assertThat(second.ledger().received()).isZero();
  }

  @ParameterizedTest
  @MethodSource("callers")
  void aSecondWaitIsNotWaitedOut(Dialect dialect, boolean streaming) {
    // Given
    route(new Attempts(4, Duration.ofSeconds(10), Duration.ofSeconds(2)));
    first.always(VendorReplies.anthropicRateLimited(Duration.ofSeconds(1)));
    // When
    ChatResult result = scene.ask(dialect, MODEL, streaming);
    // Then
    isAnsweredBy("second", result);
    assertThat(first.ledger().received()).isEqualTo(2);
    assertThat(result.reply().attempts()).isEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource("callers")
  void aLongStatedWaitIsNotWaitedOut(Dialect dialect, boolean streaming) {
    // Given
    route(new Attempts(4, Duration.ofSeconds(10), Duration.ofSeconds(2)));
    first.always(VendorReplies.anthropicRateLimited(Duration.ofSeconds(3)));
    // When
    ChatResult result = scene.ask(dialect, MODEL, streaming);
    // Then
    isAnsweredBy("second", result);
    assertThat(Duration.ofNanos(result.reply().nanos())).isLessThan(Duration.ofSeconds(2));
  }

  @ParameterizedTest
  @MethodSource("callers")
  void whoDeclinesFailoverIsToldTheLossAndTheNextOneIsServed(Dialect dialect, boolean streaming) {
    // Given
    route(Scene.ATTEMPTS);
    first.ban(VendorReplies.anthropicOrganizationDisabled());
    // When
    ChatResult declined =
        scene.send(
            ChatCall.of(dialect, MODEL, "#declined", streaming)
                .with("x-changeover-failover", "off"));
    ChatResult next = scene.ask(dialect, MODEL, streaming);
    // Then
    assertThat(declined).isInstanceOf(HonestError.class);
    assertThat(((HonestError) declined).message()).contains("AccountDisabled");
    assertThat(second.ledger().tagged("#declined")).isEmpty();
    isAnsweredBy("second", next);
  }

  @ParameterizedTest
  @MethodSource("callers")
  void aCallerWhoLeavesBeforeTheAnswerEndsTheCallAndHarmsNobody(
      Dialect dialect, boolean streaming) {
    // Given
    scene.provider("patient", Dialect.OPENAI, Timeouts.DEFAULT);
    scene.simulated("patient").always(new Fault.NoAnswerBeforeHeaders());
    scene.route("slow", Scene.ATTEMPTS, "patient", "second");
    scene.apply();
    // When
    try (ChatClient impatient = scene.clientFor(Duration.ofMillis(300))) {
      impatient.send(ChatCall.of(dialect, "slow", "#gone", streaming));
    }
    // Then
    await()
        .atMost(NOTICED)
        .until(() ->
            scene.simulated("patient").ledger().entries().stream()
                .anyMatch(LedgerEntry::clientClosedEarly));
    await().atMost(NOTICED).until(() -> scene.metrics().sum("llm_requests_in_flight") == 0);
    assertThat(second.ledger().received()).isZero();
    assertThat(scene.holds("patient")).isEmpty();
    assertThat(scene.available("patient")).isTrue();
  }

  @ParameterizedTest
  @MethodSource("dialects")
  void aCallerWhoLeavesAStreamEndsTheCallAndHarmsNobody(Dialect dialect) {
    // Given
    route(Scene.ATTEMPTS);
    first.always(new Answer(new Pacing(Duration.ZERO, Duration.ZERO, Duration.ofMillis(250))));
    // When
    ChatResult result = scene.send(ChatCall.of(dialect, MODEL, "#gone", true).leavingAfter(600));
    // Then
    assertThat(result).isInstanceOf(ChatResult.Left.class);
    await().atMost(NOTICED).until(() -> first.ledger().entries().getFirst().clientClosedEarly());
    await().atMost(NOTICED).until(() -> scene.metrics().sum("llm_requests_in_flight") == 0);
    assertThat(scene.holds("first")).isEmpty();
    assertThat(scene.available("first")).isTrue();
  }

  @ParameterizedTest
  @MethodSource("callers")
  void anAnswerThatTheCallersStopWordEndsAtItsBeginningIsNobodysFault(
      Dialect dialect, boolean streaming) {
    // Given
    scene.route(MODEL, Scene.ATTEMPTS, "second", "first");
    scene.apply();
    ChatCall question = ChatCall.of(dialect, MODEL, "#tag", streaming);
    String stop =
        switch (dialect) {
          case OPENAI -> "{\"stop\":[\"#tag\"],";
          case ANTHROPIC -> "{\"stop_sequences\":[\"#tag\"],";
        };
    // When
    ChatResult result = scene.send(question.withBody(stop + question.body().substring(1)));
    // Then
    assertThat(result.reply().status()).isEqualTo(200);
    assertThat(result.reply().provider()).isEqualTo("default/second");
    assertThat(result.reply().attempts()).isEqualTo(1);
    assertThat(second.ledger().entries().getFirst().played().text()).isEmpty();
    assertThat(scene.holds("second")).isEmpty();
    assertThat(first.ledger().received()).isZero();
  }

  static Stream<Dialect> dialects() {
    return Stream.of(Dialect.values());
  }

  private void route(Attempts attempts) {
    scene.route(MODEL, attempts, "first", "second");
    scene.apply();
  }

  private static void isAnsweredBy(String provider, ChatResult result) {
    assertThat(result).isInstanceOf(Complete.class);
    assertThat(result.reply().provider()).isEqualTo("default/" + provider);
  }
}
