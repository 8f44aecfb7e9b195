package dev.changeover.testkit.provider;

import static dev.changeover.testkit.provider.RawClient.anthropic;
import static dev.changeover.testkit.provider.RawClient.chat;
import static dev.changeover.testkit.provider.RawClient.openAi;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.testkit.provider.Fault.EmptyAnswer.Form;
import dev.changeover.testkit.provider.LedgerEntry.End;
import dev.changeover.testkit.provider.RawClient.Ended;
import dev.changeover.testkit.provider.RawClient.Heard;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each fault as a socket sees it. */
final class FaultTest {
  private static final int SHORT_MILLIS = 150;

  private final AtomicLong nanos = new AtomicLong();
  private final SimulatedProvider provider =
      SimulatedProvider.start(
          ProviderSettings.of("beta", nanos::incrementAndGet).withAnswerWords(8));

  @AfterEach
  void close() {
    provider.close();
  }

  @Test
  void nobodyListensWhileConnectionsAreRefused() throws IOException {
    provider.always(new Fault.Refused());
    assertThatThrownBy(() -> send(openAi(chat("m", false, "hi"))))
        .isInstanceOf(ConnectException.class);
    provider.always(Answer.atOnce());
    assertThat(send(openAi(chat("m", false, "hi"))).head()).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void aScriptThatRefusesOneRequestResetsItAndRefusesTheOthers() throws IOException {
    provider.script(_ -> new Fault.Refused());
    assertThat(send(openAi(chat("m", false, "hi"))).ended()).isEqualTo(Ended.RESET);
    assertThatThrownBy(() -> send(openAi(chat("m", false, "hi"))))
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void aResetComesBeforeAnyByte() throws IOException {
    provider.always(new Fault.ResetBeforeHeaders());
    assertThat(send(openAi(chat("m", false, "hi")))).isEqualTo(new Heard("", Ended.RESET));
  }

  @Test
  void aHangSendsNothing() throws IOException {
    provider.always(new Fault.NoAnswerBeforeHeaders());
    assertThat(RawClient.send(provider.port(), openAi(chat("m", true, "hi")), SHORT_MILLIS))
        .isEqualTo(new Heard("", Ended.SILENT));
  }

  @Test
  void aHangIsOverAfterTheLongestWait() throws IOException {
    try (var impatient =
        SimulatedProvider.start(
            ProviderSettings.of("gamma", nanos::incrementAndGet)
                .withWaitMax(Duration.ofMillis(SHORT_MILLIS)))) {
      impatient.always(new Fault.NoAnswerBeforeHeaders());
      assertThat(RawClient.send(impatient.port(), openAi(chat("m", false, "hi"))))
          .isEqualTo(new Heard("", Ended.CLOSED));
      assertThat(impatient.ledger().entries())
          .singleElement()
          .satisfies(entry -> assertThat(entry.played().end()).isEqualTo(End.FAULTED));
    }
  }

  @Test
  void aSlowFirstTokenOpensTheStreamAndWaits() throws IOException {
    provider.always(new Fault.SlowFirstToken(Duration.ofSeconds(30)));
    Heard early = RawClient.send(provider.port(), anthropic(chat("m", true, "hi")), SHORT_MILLIS);
    assertThat(early.text()).contains("message_start", "ping").doesNotContain("text_delta");
    provider.always(new Fault.SlowFirstToken(Duration.ofMillis(SHORT_MILLIS)));
    assertThat(send(anthropic(chat("m", true, "hi"))).text()).contains("message_stop");
    assertThat(send(openAi(chat("m", false, "hi"))).body()).contains("-beta-3");
  }

  @TestFactory
  Stream<DynamicTest> aCutStreamHasNoEnd() {
    return streams(
        new Fault.CutAfterHalf(),
        heard -> {
          assertThat(heard.ended()).isEqualTo(Ended.CLOSED);
          assertThat(heard.text()).contains("-beta-").doesNotContain("0\r\n\r\n");
          assertThat(heard.text()).doesNotContain("[DONE]", "message_stop", "\"finish_reason\":\"");
        });
  }

  @TestFactory
  Stream<DynamicTest> anEndedStreamLooksWholeToHttp() {
    return streams(
        new Fault.EndAfterHalf(),
        heard -> {
          assertThat(heard.text()).contains("-beta-").endsWith("0\r\n\r\n");
          assertThat(heard.text()).doesNotContain("[DONE]", "message_stop", "\"finish_reason\":\"");
        });
  }

  @TestFactory
  Stream<DynamicTest> aStalledStreamFallsSilent() {
    return streams(
        new Fault.StallAfterHalf(),
        heard -> {
          assertThat(heard.ended()).isEqualTo(Ended.SILENT);
          assertThat(heard.text()).contains("-beta-").doesNotContain("[DONE]", "message_stop");
        });
  }

  @TestFactory
  Stream<DynamicTest> anErrorEventComesFirstInA200() {
    return streams(
        new Fault.ErrorEventFirst(ErrorKind.OVERLOADED),
        heard -> {
          assertThat(heard.head()).startsWith("HTTP/1.1 200 ");
          assertThat(heard.text())
              .contains("\"error\":{")
              .doesNotContain("-beta-")
              .endsWith("0\r\n\r\n");
        });
  }

  @TestFactory
  Stream<DynamicTest> anErrorEventComesLate() {
    return streams(
        new Fault.ErrorEventLate(ErrorKind.SERVER_ERROR),
        heard ->
            assertThat(heard.text())
                .contains("-beta-", "\"error\":{")
                .doesNotContain("[DONE]", "message_stop")
                .endsWith("0\r\n\r\n"));
  }

  @TestFactory
  Stream<DynamicTest> anEmptyStreamHasNoContent() {
    return streams(
        new Fault.EmptyAnswer(Form.NO_CONTENT),
        heard ->
            assertThat(heard.head() + heard.text())
                .startsWith("HTTP/1.1 200 ")
                .doesNotContain("-beta-"));
  }

  @Test
  void bodiesThatAreNotStreamedBreakTheSameWays() throws IOException {
    String request = openAi(chat("m", false, "hi"));
    provider.always(new Fault.CutAfterHalf());
    Heard cut = send(request);
    assertThat(announced(cut)).isGreaterThan(cut.body().length());
    provider.always(new Fault.EndAfterHalf());
    Heard ended = send(request);
    assertThat(ended.body()).startsWith("{").doesNotEndWith("}");
    provider.always(new Fault.StallAfterHalf());
    assertThat(RawClient.send(provider.port(), request, SHORT_MILLIS).ended())
        .isEqualTo(Ended.SILENT);
    provider.always(new Fault.ErrorEventLate(ErrorKind.OVERLOADED));
    assertThat(send(request).body()).startsWith("{\"error\":");
    provider.always(new Fault.EmptyAnswer(Form.NO_BODY));
    assertThat(send(request).body()).isEmpty();
    provider.always(new Fault.EmptyAnswer(Form.NO_CONTENT));
    assertThat(send(request).body()).contains("\"choices\":[]");
    provider.always(new Fault.HtmlPage(502));
    assertThat(send(request))
        .satisfies(
            page -> assertThat(page.head()).startsWith("HTTP/1.1 502 ").contains("text/html"))
        .satisfies(page -> assertThat(page.body()).startsWith("<!DOCTYPE html>"));
  }

  @Test
  void chunkedAnswersBreakTheSameWays() throws IOException {
    try (var chunked =
        SimulatedProvider.start(
            ProviderSettings.of("delta", nanos::incrementAndGet).withChunkedAnswers())) {
      assertThat(RawClient.send(chunked.port(), openAi(chat("m", false, "hi"))).text())
          .contains("transfer-encoding: chunked")
          .endsWith("0\r\n\r\n");
      chunked.always(new Fault.CutAfterHalf());
      assertThat(RawClient.send(chunked.port(), openAi(chat("m", false, "hi"))).text())
          .doesNotContain("0\r\n\r\n");
    }
  }

  @TestFactory
  Stream<DynamicTest> recordedRepliesComeAsRecorded() {
    return Stream.of(
            VendorReplies.openAiAccountDeactivated(),
            VendorReplies.openAiInvalidKey(),
            VendorReplies.openAiForbidden(),
            VendorReplies.openAiModelNotFound(),
            VendorReplies.openAiInsufficientQuota(),
            VendorReplies.openAiRateLimited(),
            VendorReplies.openAiRateLimited(Duration.ofMillis(1_530)),
            VendorReplies.openAiServerError(),
            VendorReplies.openAiOverloaded(),
            VendorReplies.anthropicOrganizationDisabled(),
            VendorReplies.anthropicInvalidKey(),
            VendorReplies.anthropicForbidden(),
            VendorReplies.anthropicModelNotFound(),
            VendorReplies.anthropicCreditTooLow(),
            VendorReplies.anthropicRateLimited(),
            VendorReplies.anthropicRateLimited(Duration.ofSeconds(7)),
            VendorReplies.anthropicServerError(),
            VendorReplies.anthropicOverloaded())
        .map(reply ->
            DynamicTest.dynamicTest(
                reply.status() + " " + reply.body(),
                () -> {
                  provider.always(reply);
                  Heard heard = send(openAi(chat("m", true, "hi")));
                  assertThat(heard.head()).startsWith("HTTP/1.1 " + reply.status() + " ");
                  reply
                      .headers()
                      .forEach(
                          (name, value) -> assertThat(heard.head()).contains(name + ": " + value));
                  assertThat(heard.body()).isEqualTo(reply.body());
                }));
  }

  @Test
  void aRecordedLengthNeverStandsBesideTheRealOne() throws IOException {
    provider.always(
        new Fault.Reply(500, Map.of("Content-Length", "7", "Transfer-Encoding", "chunked"), "{}"));
    assertThat(send(openAi(chat("m", false, "hi"))).head())
        .containsOnlyOnce("ontent-length")
        .contains("content-length: 2")
        .doesNotContain("ransfer-");
  }

  @Test
  void allRecordedRepliesCanBeSent() throws IOException {
    for (String vendor : List.of("openai", "anthropic")) {
      assertThat(VendorReplies.recordedIds(vendor)).hasSizeGreaterThan(10);
      for (String id : VendorReplies.recordedIds(vendor)) {
        provider.always(VendorReplies.recorded(id));
        assertThat(send(openAi(chat("m", false, "hi"))).head()).startsWith("HTTP/1.1 ");
      }
    }
  }

  private Stream<DynamicTest> streams(Fault fault, Consumer<Heard> check) {
    return Stream.of(Dialect.values())
        .map(dialect ->
            DynamicTest.dynamicTest(
                dialect.name(),
                () -> {
                  provider.always(fault);
                  String body = chat("m", true, "hi");
                  String request =
                      switch (dialect) {
                        case OPENAI -> openAi(body);
                        case ANTHROPIC -> anthropic(body);
                      };
                  int silence = fault instanceof Fault.StallAfterHalf ? 1_000 : 5_000;
                  check.accept(RawClient.send(provider.port(), request, silence));
                  assertThat(provider.ledger().entries()).noneMatch(LedgerEntry::complete);
                }));
  }

  private Heard send(String request) throws IOException {
    return RawClient.send(provider.port(), request);
  }

  private static int announced(Heard heard) {
    return Integer.parseInt(heard.head().replaceAll("(?s).*content-length: (\\d+).*", "$1"));
  }
}
