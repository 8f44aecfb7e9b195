package dev.changeover.testkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.testkit.client.BodyCollector.Collected;
import dev.changeover.testkit.client.BodyCollector.Ended;
import dev.changeover.testkit.client.ChatResult.Broken;
import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.client.ChatResult.Reply;
import dev.changeover.testkit.provider.Dialect;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Streams against their dialect's grammar, and answers against ledgers that do not have them. */
final class GrammarTest {
  private static final String START = anthropic("message_start", "\"message\":{\"id\":\"m\"}");
  private static final String BLOCK =
      block("content_block_start", 0, "\"content_block\":{\"text\":\"\"}");
  private static final String DELTA =
      block("content_block_delta", 0, "\"delta\":{\"text\":\"hi\"}");
  private static final String BLOCK_STOP = block("content_block_stop", 0, "\"x\":0");
  private static final String FINISH =
      anthropic("message_delta", "\"delta\":{\"stop_reason\":\"end_turn\"}");
  private static final String STOP = anthropic("message_stop", "\"x\":0");
  private static final String ERROR =
      anthropic("error", "\"error\":{\"type\":\"api_error\",\"message\":\"m\"}");

  private static final String ROLE =
      chunk("a", "{\"role\":\"assistant\",\"content\":\"\"}", "null");
  private static final String HI = chunk("a", "{\"content\":\"hi\"}", "null");
  private static final String END = chunk("a", "{}", "\"stop\"");
  private static final String DONE = "data: [DONE]\n\n";

  record Case(String sentence, Dialect dialect, String stream) {
    @Override
    public String toString() {
      return sentence;
    }
  }

  static Stream<Case> violations() {
    return Stream.of(
        anthropicCase("a block before the message", BLOCK + DELTA + BLOCK_STOP + FINISH + STOP),
        anthropicCase("two messages", START + START + BLOCK + DELTA + BLOCK_STOP + FINISH + STOP),
        anthropicCase("an open block at the end", START + BLOCK + DELTA + FINISH + STOP),
        anthropicCase("a delta without block", START + DELTA + FINISH + STOP),
        anthropicCase(
            "an index twice", START + BLOCK + BLOCK_STOP + BLOCK + BLOCK_STOP + FINISH + STOP),
        anthropicCase(
            "two message deltas", START + BLOCK + DELTA + BLOCK_STOP + FINISH + FINISH + STOP),
        anthropicCase("no message delta", START + BLOCK + DELTA + BLOCK_STOP + STOP),
        anthropicCase("no message stop", START + BLOCK + DELTA + BLOCK_STOP + FINISH),
        anthropicCase("a stop after an error", START + BLOCK + ERROR + STOP),
        anthropicCase(
            "a name that is not the type", START.replace("event: message_start", "event: x")),
        anthropicCase(
            "a half event at the end",
            START + BLOCK + DELTA + BLOCK_STOP + FINISH + STOP + "event: x"),
        openAiCase("two ids", ROLE + HI.replace("\"a\"", "\"b\"") + END + DONE),
        openAiCase("no finish reason", ROLE + HI + DONE),
        openAiCase("two finish reasons", ROLE + HI + END + END + DONE),
        openAiCase("no [DONE]", ROLE + HI + END),
        openAiCase("content after the end", ROLE + HI + END + HI + DONE),
        openAiCase("an event after [DONE]", ROLE + HI + END + DONE + HI),
        openAiCase("something that is no chunk", ROLE + "data: {\"x\":1}\n\n" + HI + END + DONE),
        openAiCase("nothing at all", ""));
  }

  @ParameterizedTest
  @MethodSource("violations")
  void aStreamAgainstTheGrammarIsBroken(Case violation) {
    assertThat(judge(violation.dialect(), violation.stream())).isInstanceOf(Broken.class);
  }

  @Test
  void aStreamByTheGrammarIsComplete() {
    assertThat(judge(Dialect.ANTHROPIC, START + BLOCK + DELTA + BLOCK_STOP + FINISH + STOP))
        .isInstanceOfSatisfying(
            Complete.class, answer -> assertThat(answer.text()).isEqualTo("hi"));
    assertThat(judge(Dialect.OPENAI, ROLE + HI + END + DONE))
        .isInstanceOfSatisfying(
            Complete.class, answer -> assertThat(answer.text()).isEqualTo("hi"));
  }

  @Test
  void aWholeGrammarOverALostConnectionIsBroken() {
    assertThat(judge(Dialect.OPENAI, ROLE + HI + END + DONE, Ended.LOST))
        .isInstanceOf(Broken.class);
  }

  @Test
  void anAnswerThatNoLedgerHasIsFound() {
    var answer = (Complete) judge(Dialect.OPENAI, ROLE + HI + END + DONE);
    assertThat(new AnswerAudit(Map.of()).findings(List.of(answer)))
        .singleElement()
        .asString()
        .contains("0 whole answers have this text: hi");
  }

  private static ChatResult judge(Dialect dialect, String stream) {
    return judge(dialect, stream, Ended.WELL);
  }

  private static ChatResult judge(Dialect dialect, String stream, Ended ended) {
    var reply =
        new Reply(
            ChatCall.of(dialect, "m", "#t", true),
            200,
            Map.of("content-type", "text/event-stream"),
            0,
            0);
    return Judgement.of(reply, new Collected(stream, ended, 0));
  }

  private static Case anthropicCase(String sentence, String stream) {
    return new Case(sentence, Dialect.ANTHROPIC, stream);
  }

  private static Case openAiCase(String sentence, String stream) {
    return new Case(sentence, Dialect.OPENAI, stream);
  }

  private static String anthropic(String type, String fields) {
    return "event: %s\ndata: {\"type\":\"%s\",%s}\n\n".formatted(type, type, fields);
  }

  private static String block(String type, int index, String fields) {
    return anthropic(type, "\"index\":" + index + "," + fields);
  }

  private static String chunk(String id, String delta, String finish) {
    return ("data: {\"id\":\"%s\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,"
            + "\"delta\":%s,\"finish_reason\":%s}]}\n\n")
        .formatted(id, delta, finish);
  }
}
