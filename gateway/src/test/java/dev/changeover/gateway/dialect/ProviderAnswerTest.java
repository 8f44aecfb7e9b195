package dev.changeover.gateway.dialect;

import static dev.changeover.gateway.dialect.Dialect.ANTHROPIC_MESSAGES;
import static dev.changeover.gateway.dialect.Dialect.GENERATE;
import static dev.changeover.gateway.dialect.Dialect.OPENAI_CHAT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.testkit.Seeds;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ProviderAnswerTest {
  private static final String OPENAI =
      " {\"id\":\"c1\",\"model\":\"gpt-x\",\"choices\":[{\"message\":{\"content\":\"Hi\",\"reasoning_content\":\"hm\"},"
          + "\"finish_reason\":\"length\"}],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2},\"x\":1e0} ";
  private static final String ANTHROPIC =
      "{\"id\":\"m1\",\"model\":\"claude-x\",\"content\":[{\"type\":\"thinking\"},{\"type\":\"text\",\"text\":\"Hi\"}],"
          + "\"stop_reason\":\"stop_sequence\",\"stop_sequence\":\"END\",\"usage\":{\"input_tokens\":3,"
          + "\"cache_read_input_tokens\":2,\"output_tokens\":2}}";

  record Case(String sentence, Dialect outbound, String body, String unusable) {
    @Override
    public String toString() {
      return sentence;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case("nothing", OPENAI_CHAT, "", "no JSON object"),
        new Case("a page of HTML", OPENAI_CHAT, "<html>", "no JSON object"),
        new Case("half an answer", OPENAI_CHAT, OPENAI.substring(0, 40), "no JSON object"),
        new Case("an error", OPENAI_CHAT, "{\"error\":{}}", "an error in place of an answer"),
        new Case("no choice", OPENAI_CHAT, "{\"choices\":[]}", "no choice with a message"),
        new Case(
            "nothing said",
            OPENAI_CHAT,
            "{\"choices\":[{\"message\":{\"content\":\"\"},\"finish_reason\":\"stop\"}]}",
            "an empty answer"),
        new Case(
            "broken off",
            OPENAI_CHAT,
            "{\"choices\":[{\"message\":{\"content\":\"Hi\"},\"finish_reason\":\"error\"}]}",
            "the provider broke off"),
        new Case(
            "filtered",
            OPENAI_CHAT,
            "{\"choices\":[{\"message\":{\"content\":null},\"finish_reason\":\"content_filter\"}]}",
            "-"),
        new Case(
            "a tool call",
            OPENAI_CHAT,
            "{\"choices\":[{\"message\":{\"content\":null,\"tool_calls\":[{}]},\"finish_reason\":\"tool_calls\"}]}",
            "-"),
        new Case("a text", OPENAI_CHAT, OPENAI, "-"),
        new Case(
            "Anthropic's error",
            ANTHROPIC_MESSAGES,
            "{\"type\":\"error\"}",
            "an error in place of an answer"),
        new Case("no content", ANTHROPIC_MESSAGES, "{\"type\":\"message\"}", "no content"),
        new Case(
            "nothing said by Anthropic",
            ANTHROPIC_MESSAGES,
            "{\"content\":[],\"stop_reason\":\"end_turn\"}",
            "an empty answer"),
        new Case(
            "refused by Anthropic",
            ANTHROPIC_MESSAGES,
            "{\"content\":[],\"stop_reason\":\"refusal\"}",
            "-"),
        new Case("Anthropic's text", ANTHROPIC_MESSAGES, ANTHROPIC, "-"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void answerIsUsableOrSaysWhyNot(Case each) {
    ProviderAnswer answer = ProviderAnswer.read(each.outbound(), Samples.bytes(each.body()));
    assertThat(answer.unusable().orElse("-")).isEqualTo(each.unusable());
  }

  @Test
  void factsOfAnAnswerAreFound() {
    ProviderAnswer answer = ProviderAnswer.read(ANTHROPIC_MESSAGES, Samples.bytes(ANTHROPIC));
    assertThat(answer.hasText()).isTrue();
    assertThat(answer.id()).contains("m1");
    assertThat(answer.model()).contains("claude-x");
    assertThat(answer.stopReason()).contains(StopReason.STOP_SEQUENCE);
    assertThat(answer.usage()).contains(new Usage(5, 2, 0, 2, 0));
  }

  @Test
  void oneDialectKeepsTheVeryBytes() {
    byte[] body = Samples.bytes(OPENAI);
    Rendering rendering =
        ProviderAnswer.read(OPENAI_CHAT, body).toCaller(OPENAI_CHAT, Samples.CONTEXT);
    assertThat(((Rendering.Rendered) rendering).body()).isSameAs(body);
  }

  @Test
  void generateSaysWhoAnsweredAndWhatItTook() {
    Rendering rendering =
        ProviderAnswer.read(OPENAI_CHAT, Samples.bytes(OPENAI)).toCaller(GENERATE, Samples.CONTEXT);
    assertThat(shown(rendering))
        .isEqualTo(
            "{\"content\":\"Hi\",\"provider\":\"team/openai\",\"model\":\"gpt-x\",\"tokens_used\":7,\"latency_ms\":1234}"
                + " without [reasoning_content]");
  }

  @Test
  void aToolCallThatNobodyAskedForIsUnsayable() {
    String body =
        "{\"choices\":[{\"message\":{\"tool_calls\":[{}]},\"finish_reason\":\"tool_calls\"}]}";
    Rendering rendering =
        ProviderAnswer.read(OPENAI_CHAT, Samples.bytes(body))
            .toCaller(ANTHROPIC_MESSAGES, Samples.CONTEXT);
    assertThat(shown(rendering)).isEqualTo("unsayable: tool_calls that nobody asked for");
  }

  @Test
  void damagedAnswersNeverThrow() {
    Seeds.forEach(
        1000,
        random -> {
          for (String body : new String[] {OPENAI, ANTHROPIC}) {
            byte[] bytes = Samples.bytes(body);
            bytes[random.nextInt(bytes.length)] = (byte) "{}[]\",:0".charAt(random.nextInt(8));
            for (Dialect outbound : new Dialect[] {OPENAI_CHAT, ANTHROPIC_MESSAGES}) {
              ProviderAnswer answer = ProviderAnswer.read(outbound, bytes);
              for (Dialect inbound : Dialect.values()) {
                assertThat(answer.toCaller(inbound, Samples.CONTEXT)).isNotNull();
              }
            }
          }
        });
  }

  private static String shown(Rendering rendering) {
    return switch (rendering) {
      case Rendering.Rendered rendered ->
          Samples.text(rendered.body()) + " without " + rendered.leftOut();
      case Rendering.Unsayable(String why) -> "unsayable: " + why;
    };
  }

  @Test
  void aStopReasonThatIsMissingIsNone() {
    String body = "{\"choices\":[{\"message\":{\"content\":\"Hi\"}}]}";
    assertThat(ProviderAnswer.read(OPENAI_CHAT, Samples.bytes(body)).stopReason())
        .isEqualTo(Optional.empty());
  }
}
