package dev.changeover.testkit.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.testkit.client.ChatResult.Broken;
import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.client.ChatResult.HonestError;
import dev.changeover.testkit.client.ChatResult.Left;
import dev.changeover.testkit.provider.Answer;
import dev.changeover.testkit.provider.Behaviour;
import dev.changeover.testkit.provider.Dialect;
import dev.changeover.testkit.provider.ErrorKind;
import dev.changeover.testkit.provider.Fault;
import dev.changeover.testkit.provider.Fault.EmptyAnswer.Form;
import dev.changeover.testkit.provider.Pacing;
import dev.changeover.testkit.provider.ProviderSettings;
import dev.changeover.testkit.provider.SimulatedProvider;
import dev.changeover.testkit.provider.VendorReplies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The client against the provider itself: every way to end is told from every other. */
final class ChatClientTest {
  private static final Duration ANSWER_MAX = Duration.ofMillis(800);

  private final AtomicLong nanos = new AtomicLong();
  private final SimulatedProvider provider =
      SimulatedProvider.start(
          ProviderSettings.of("alpha", nanos::incrementAndGet).withKey("main", "key-a"));
  private final ChatClient client =
      new ChatClient(provider.anthropicBaseUrl(), "key-a", ANSWER_MAX, nanos::incrementAndGet);

  @AfterEach
  void close() {
    client.close();
    provider.close();
  }

  @TestFactory
  Stream<DynamicTest> wholeAnswersAreComplete() {
    return everyKind(
        Answer.atOnce(),
        result -> {
          assertThat(result).isInstanceOf(Complete.class);
          Complete complete = (Complete) result;
          assertThat(complete.text()).startsWith("#t-alpha-");
          assertThat(complete.finishReason()).isIn("stop", "end_turn");
          assertThat(complete.usage().outputTokens()).isEqualTo(12);
          assertThat(complete.usage().inputTokens()).isPositive();
          assertThat(complete.reply().status()).isEqualTo(200);
          assertThat(AnswerAudit.of(provider).findings(List.of(complete))).isEmpty();
        });
  }

  @TestFactory
  Stream<DynamicTest> slowAnswersAreComplete() {
    return everyKind(
        new Fault.SlowFirstToken(Duration.ofMillis(50)),
        result -> assertThat(result).isInstanceOf(Complete.class));
  }

  @TestFactory
  Stream<DynamicTest> everythingElseIsBroken() {
    return Stream.of(
            new Fault.Refused(),
            new Fault.ResetBeforeHeaders(),
            new Fault.NoAnswerBeforeHeaders(),
            new Fault.CutAfterHalf(),
            new Fault.EndAfterHalf(),
            new Fault.StallAfterHalf(),
            new Fault.HtmlPage(502),
            new Fault.HtmlPage(200),
            new Fault.EmptyAnswer(Form.NO_BODY))
        .flatMap(
            fault -> everyKind(fault, result -> assertThat(result).isInstanceOf(Broken.class)));
  }

  @TestFactory
  Stream<DynamicTest> errorEventsAreHonestInAStreamOnly() {
    return Stream.of(
            new Fault.ErrorEventFirst(ErrorKind.OVERLOADED),
            new Fault.ErrorEventLate(ErrorKind.SERVER_ERROR))
        .flatMap(fault ->
            everyKind(
                fault,
                result -> {
                  if (!result.reply().call().streaming()) {
                    assertThat(result).isInstanceOf(Broken.class);
                    return;
                  }
                  assertThat(result)
                      .isInstanceOfSatisfying(
                          HonestError.class, error -> assertThat(error.inStream()).isTrue());
                }));
  }

  @Test
  void errorRepliesAreHonestInTheirOwnDialectOnly() {
    provider.always(VendorReplies.openAiInsufficientQuota());
    assertThat(client.send(call(Dialect.OPENAI, true)))
        .isInstanceOfSatisfying(
            HonestError.class,
            error -> {
              assertThat(error.reply().status()).isEqualTo(429);
              assertThat(error.code()).isEqualTo("insufficient_quota");
              assertThat(error.inStream()).isFalse();
            });
    assertThat(client.send(call(Dialect.ANTHROPIC, true))).isInstanceOf(Broken.class);
    provider.always(VendorReplies.anthropicOverloaded());
    assertThat(client.send(call(Dialect.ANTHROPIC, false)))
        .isInstanceOfSatisfying(
            HonestError.class, error -> assertThat(error.type()).isEqualTo("overloaded_error"));
    assertThat(client.send(call(Dialect.OPENAI, false))).isInstanceOf(Broken.class);
  }

  @Test
  void aClientThatLeavesIsSeenByTheProvider() {
    provider.always(new Answer(new Pacing(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(20))));
    assertThat(client.send(call(Dialect.OPENAI, true).leavingAfter(1))).isInstanceOf(Left.class);
    await().until(() -> provider.ledger().entries().getFirst().clientClosedEarly());
  }

  @Test
  void manyAnswersAtOnceAreNeverMixed() throws Exception {
    List<Future<ChatResult>> pending = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 200; i++) {
        Dialect dialect = i % 2 == 0 ? Dialect.OPENAI : Dialect.ANTHROPIC;
        ChatCall call = ChatCall.of(dialect, "m", "#req-" + i, i % 3 == 0);
        pending.add(threads.submit(() -> client.send(call)));
      }
    }
    List<Complete> answers = new ArrayList<>();
    for (Future<ChatResult> future : pending) {
      assertThat(future.get()).isInstanceOf(Complete.class);
      answers.add((Complete) future.get());
    }
    assertThat(AnswerAudit.of(provider).findings(answers)).isEmpty();
  }

  private static ChatCall call(Dialect dialect, boolean streaming) {
    return ChatCall.of(dialect, "m", "#t", streaming);
  }

  private Stream<DynamicTest> everyKind(Behaviour behaviour, Check check) {
    return Stream.of(Dialect.values())
        .flatMap(dialect -> Stream.of(call(dialect, false), call(dialect, true)))
        .map(call ->
            DynamicTest.dynamicTest(
                "%s %s streaming %s".formatted(behaviour, call.dialect(), call.streaming()),
                () -> {
                  provider.always(behaviour);
                  check.accept(client.send(call));
                }));
  }

  private interface Check {
    void accept(ChatResult result);
  }
}
