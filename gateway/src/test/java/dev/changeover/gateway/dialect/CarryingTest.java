package dev.changeover.gateway.dialect;

import static dev.changeover.gateway.dialect.Dialect.ANTHROPIC_MESSAGES;
import static dev.changeover.gateway.dialect.Dialect.GENERATE;
import static dev.changeover.gateway.dialect.Dialect.OPENAI_CHAT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.contract.Overrides;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What translation carries, what it leaves out and says so, and what it refuses. */
final class CarryingTest {
  record Case(String sentence, Dialect inbound, String fields, String outcome) {
    @Override
    public String toString() {
      return sentence;
    }
  }

  private static Case openAi(String fields, String outcome) {
    return new Case("openai " + fields, OPENAI_CHAT, fields, outcome);
  }

  private static Case anthropic(String fields, String outcome) {
    return new Case("anthropic " + fields, ANTHROPIC_MESSAGES, fields, outcome);
  }

  private static Case generate(String fields, String outcome) {
    return new Case("generate " + fields, GENERATE, fields, outcome);
  }

  private static final String OPENAI_USER = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";
  private static final String LIMIT = "max_tokens: 4096, since Anthropic requires a limit";

  static Stream<Case> cases() {
    return Stream.of(
            openAiFields(), openAiMessages(), anthropicFields(), anthropicMessages(), generates())
        .flatMap(stream -> stream);
  }

  private static Stream<Case> openAiFields() {
    String user = "," + OPENAI_USER;
    return Stream.of(
        openAi("\"max_tokens\":5" + user, "[]"),
        openAi("\"max_completion_tokens\":5" + user, "[]"),
        openAi(OPENAI_USER, "[" + LIMIT + "]"),
        openAi("\"max_tokens\":5,\"temperature\":0.7" + user, "[]"),
        openAi(
            "\"max_tokens\":5,\"temperature\":1.5" + user,
            "[temperature: 1.0, the nearest that the target takes]"),
        openAi(
            "\"max_tokens\":5,\"temperature\":0.5,\"top_p\":0.9" + user,
            "[top_p: left out, since Anthropic takes it or temperature but not both]"),
        openAi("\"max_tokens\":5,\"top_p\":0.9" + user, "[]"),
        openAi("\"max_tokens\":5,\"stop\":\"END\"" + user, "[]"),
        openAi(
            "\"max_tokens\":5,\"stop\":[\"\\n\"]" + user,
            "stop: Anthropic takes no stop sequence of white space only"),
        openAi("\"max_tokens\":5,\"stop\":[1]" + user, "stop: no list of strings"),
        openAi("\"max_tokens\":\"5\"" + user, "max_tokens: no whole number of at least 1"),
        openAi("\"max_tokens\":5,\"temperature\":1e999" + user, "temperature: no number"),
        openAi(
            "\"max_tokens\":5,\"user\":\"u\",\"metadata\":{},\"store\":true,\"seed\":1" + user,
            "[user: left out, metadata: left out, store: left out, seed: left out]"),
        openAi(
            "\"max_tokens\":5,\"n\":1,\"logprobs\":false,\"tools\":[],\"logit_bias\":{},\"presence_penalty\":0,"
                + "\"response_format\":{\"type\":\"text\"},\"stream_options\":null,\"modalities\":[\"text\"],"
                + "\"reasoning_effort\":null"
                + user,
            "[]"),
        openAi("\"n\":2" + user, "n"),
        openAi("\"tools\":[{}]" + user, "tools"),
        openAi("\"functions\":[{}]" + user, "functions"),
        openAi("\"tool_choice\":\"required\"" + user, "tool_choice"),
        openAi("\"logprobs\":true" + user, "logprobs"),
        openAi("\"top_logprobs\":2" + user, "top_logprobs"),
        openAi("\"logit_bias\":{\"1\":1}" + user, "logit_bias"),
        openAi("\"frequency_penalty\":0.5" + user, "frequency_penalty"),
        openAi("\"response_format\":{\"type\":\"json_object\"}" + user, "response_format"),
        openAi("\"reasoning_effort\":\"high\"" + user, "reasoning_effort"),
        openAi("\"modalities\":[\"text\",\"audio\"]" + user, "modalities"),
        openAi("\"web_search_options\":{}" + user, "web_search_options"),
        openAi("\"novelty\":1" + user, "novelty: not known to the translation"));
  }

  private static Stream<Case> openAiMessages() {
    return Stream.of(
        openAi(
            "\"max_tokens\":5,\"messages\":[{\"role\":\"developer\",\"content\":\"S\"},"
                + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}]}]",
            "[]"),
        openAi(
            "\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"system\",\"content\":\"S\"},"
                + "{\"role\":\"user\",\"content\":\"b\"}]",
            "[messages: a later system message moved to the top, messages: turns of one role in a row joined]"),
        openAi(
            "\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":null},"
                + "{\"role\":\"user\",\"content\":\"b\"}]",
            "[messages: an empty text left out, messages: turns of one role in a row joined]"),
        openAi(
            "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{}}]}]",
            "messages[0]: image_url"),
        openAi(
            "\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"tool_calls\":[{}]}]",
            "messages[1]: tool_calls"),
        openAi(
            "\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"tool\",\"content\":\"b\"}]",
            "messages[1]: role tool"),
        openAi(
            "\"messages\":[{\"role\":\"user\",\"name\":\"bob\",\"content\":\"a\"}]",
            "messages[0]: name"),
        openAi(
            "\"messages\":[{\"role\":\"user\",\"content\":5}]",
            "messages[0]: content is neither a string nor a list"),
        openAi("\"messages\":[{\"content\":\"a\"}]", "messages[0]: role no role"),
        openAi(
            "\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"b\"}]",
            "messages: the last turn is the assistant's"),
        openAi(
            "\"messages\":[{\"role\":\"assistant\",\"content\":\"a\"},{\"role\":\"user\",\"content\":\"b\"}]",
            "messages: Anthropic wants a turn of the user's first"),
        openAi(
            "\"messages\":[{\"role\":\"system\",\"content\":\"a\"}]",
            "messages: Anthropic wants a turn of the user's first"));
  }

  private static Stream<Case> anthropicFields() {
    String user = ",\"max_tokens\":5," + OPENAI_USER;
    return Stream.of(
        anthropic("\"temperature\":0.5,\"top_p\":0.9,\"stop_sequences\":[\"a\"]" + user, "[]"),
        anthropic(
            "\"metadata\":{\"user_id\":\"u\"},\"service_tier\":\"auto\"" + user,
            "[metadata: left out, service_tier: left out]"),
        anthropic("\"thinking\":{\"type\":\"disabled\"},\"tools\":[]" + user, "[]"),
        anthropic("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}" + user, "thinking"),
        anthropic("\"tools\":[{}]" + user, "tools"),
        anthropic("\"tool_choice\":{\"type\":\"any\"}" + user, "tool_choice"),
        anthropic("\"top_k\":5" + user, "top_k"),
        anthropic("\"output_config\":{}" + user, "output_config"),
        anthropic("\"container\":\"c\"" + user, "container"),
        anthropic(
            "\"stop_sequences\":[\"a\",\"b\",\"c\",\"d\",\"e\"]" + user,
            "stop: OpenAI takes at most 4 stop sequences"),
        anthropic("\"novelty\":1" + user, "novelty: not known to the translation"));
  }

  private static Stream<Case> anthropicMessages() {
    String system =
        "\"max_tokens\":5,\"system\":[{\"type\":\"text\",\"text\":\"S\",\"cache_control\":{\"type\":\"ephemeral\"}}],";
    return Stream.of(
        anthropic(system + OPENAI_USER, "[cache_control: left out]"),
        anthropic(
            "\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{}}]}]",
            "messages[0]: image"),
        anthropic(
            "\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\"}]}]",
            "messages[0]: tool_result"),
        anthropic(
            "\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"a\"},"
                + "{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"x\"}]}]",
            "messages[1]: thinking"),
        anthropic(
            "\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"{\"}]",
            "messages: the last turn is the assistant's"),
        anthropic(
            "\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"system\",\"content\":\"S\"}]",
            "[messages: a later system message moved to the top]"));
  }

  private static Stream<Case> generates() {
    return Stream.of(
        generate("\"prompt\":\"Hi\",\"max_tokens\":5,\"metadata\":{\"a\":1}", "[]"),
        generate("\"prompt\":\"Hi\"", "[]"),
        generate("\"prompt\":\"Hi\",\"top_k\":1", "[top_k: not known to generate, left out]"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void nothingIsDroppedInSilence(Case each) {
    // Given
    String model = each.inbound() == GENERATE ? "" : "\"model\":\"m\",";
    InboundRequest request = Samples.request(each.inbound(), "{" + model + each.fields() + "}");
    Dialect outbound = each.inbound() == OPENAI_CHAT ? ANTHROPIC_MESSAGES : OPENAI_CHAT;
    // When
    Prepared prepared = request.forTarget(outbound, Samples.target("other"));
    // Then
    assertThat(outcome(prepared)).isEqualTo(each.outcome());
  }

  record Fit(String sentence, TargetShape target, String fields, String outcome) {
    @Override
    public String toString() {
      return sentence;
    }
  }

  static Stream<Fit> fits() {
    TargetShape reasoning = new TargetShape("o", Overrides.NONE, OptionalInt.of(100), true, true);
    TargetShape small = new TargetShape("o", Overrides.NONE, OptionalInt.of(3), false, false);
    return Stream.of(
        new Fit(
            "OpenAI's reasoning models take no sampling",
            reasoning,
            "\"temperature\":0.5,\"top_p\":0.5",
            "[temperature: left out, since a reasoning model of OpenAI's refuses it,"
                + " top_p: left out, since a reasoning model of OpenAI's refuses it]"),
        new Fit(
            "OpenAI's reasoning models take no stop sequences",
            reasoning,
            "\"stop_sequences\":[\"a\"]",
            "stop: a reasoning model of OpenAI's takes no stop sequences"),
        new Fit(
            "a limit is cut to what the model writes",
            small,
            "\"top_p\":1",
            "[max_tokens: 3, the most that the target's model writes]"),
        new Fit(
            "overrides are named",
            Samples.target("o", Samples.ALL_OVERRIDES),
            "\"top_p\":1",
            List.of(
                    "system: the target's system text added",
                    "max_tokens: set by the target",
                    "temperature: set by the target",
                    "top_p: set by the target",
                    "stop: set by the target")
                .toString()));
  }

  @ParameterizedTest
  @MethodSource("fits")
  void requestIsMadeToFitItsTarget(Fit each) {
    InboundRequest request =
        Samples.request(
            ANTHROPIC_MESSAGES,
            "{\"model\":\"m\",\"max_tokens\":5," + OPENAI_USER + "," + each.fields() + "}");
    assertThat(outcome(request.forTarget(OPENAI_CHAT, each.target()))).isEqualTo(each.outcome());
  }

  private static String outcome(Prepared prepared) {
    return switch (prepared) {
      case Prepared.Ready ready -> ready.adjustments().toString();
      case Prepared.Ineligible(String reason) -> reason;
    };
  }
}
