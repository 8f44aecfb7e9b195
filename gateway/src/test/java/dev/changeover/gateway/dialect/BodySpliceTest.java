package dev.changeover.gateway.dialect;

import static dev.changeover.gateway.dialect.Dialect.ANTHROPIC_MESSAGES;
import static dev.changeover.gateway.dialect.Dialect.OPENAI_CHAT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.contract.Overrides;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class BodySpliceTest {
  private static final String ODD =
      """
       {"temperature" :\t1.0E+0 , "unknown":{"n":[1e400,-0.0,12345678901234567890],"model":"inner"},
        "messages": [ {"role":"user","content":"caf\\u00e9 \\/ ☃ 𝄞","x":1,"x":2} ],
        "model"\r\n:\t"asked" , "logit_bias":{"50256":-1e2}, "user":null }
      """;

  record Case(String sentence, Dialect dialect, String body, TargetShape target, String expected) {
    @Override
    public String toString() {
      return sentence;
    }
  }

  static Stream<Case> cases() {
    TargetShape plain = Samples.target("other");
    TargetShape all = Samples.target("other", Samples.ALL_OVERRIDES);
    return Stream.of(
        new Case(
            "only the model's name changes; spaces, escapes, numbers and unknown fields stay",
            OPENAI_CHAT,
            ODD,
            plain,
            ODD.replace("\"asked\"", "\"other\"")),
        new Case(
            "a model's name is quoted as JSON",
            OPENAI_CHAT,
            "{\"model\":\"m\",\"messages\":[{}]}",
            Samples.target("a\"b\\c/é"),
            "{\"model\":\"a\\\"b\\\\c/é\",\"messages\":[{}]}"),
        new Case(
            "a stream is made to count its tokens",
            OPENAI_CHAT,
            "{\"model\":\"m\",\"stream\":true,\"messages\":[{}]}",
            plain,
            "{\"stream_options\":{\"include_usage\":true},\"model\":\"other\",\"stream\":true,\"messages\":[{}]}"),
        new Case(
            "options of the stream are kept",
            OPENAI_CHAT,
            "{\"model\":\"m\",\"stream\":true,\"stream_options\": { \"x\":1},\"messages\":[{}]}",
            plain,
            "{\"model\":\"other\",\"stream\":true,\"stream_options\": {\"include_usage\":true, \"x\":1},\"messages\":[{}]}"),
        new Case(
            "empty options of the stream",
            OPENAI_CHAT,
            "{\"model\":\"m\",\"stream\":true,\"stream_options\":{},\"messages\":[{}]}",
            plain,
            "{\"model\":\"other\",\"stream\":true,\"stream_options\":{\"include_usage\":true},\"messages\":[{}]}"),
        new Case(
            "options of the stream that are null",
            OPENAI_CHAT,
            "{\"model\":\"m\",\"stream\":true,\"stream_options\":null,\"messages\":[{}]}",
            plain,
            "{\"model\":\"other\",\"stream\":true,\"stream_options\":{\"include_usage\":true},\"messages\":[{}]}"),
        new Case(
            "a caller who declined the count",
            OPENAI_CHAT,
            "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":false},\"messages\":[{}]}",
            plain,
            "{\"model\":\"other\",\"stream\":true,\"stream_options\":{\"include_usage\":true},\"messages\":[{}]}"),
        new Case(
            "a caller who asked for the count",
            OPENAI_CHAT,
            "{\"model\":\"other\",\"stream\":true,\"stream_options\":{\"include_usage\":true},\"messages\":[{}]}",
            plain,
            "{\"model\":\"other\",\"stream\":true,\"stream_options\":{\"include_usage\":true},\"messages\":[{}]}"),
        new Case(
            "overrides replace what is there and add what is not",
            OPENAI_CHAT,
            "{\"model\":\"m\",\"temperature\":2,\"max_tokens\":9,\"stop\":null,"
                + "\"messages\":[{\"role\":\"system\",\"content\":\"S\"}, {\"role\":\"user\",\"content\":\"U\"}]}",
            all,
            "{\"top_p\":0.9,\"model\":\"other\",\"temperature\":0.5,\"max_tokens\":200,\"stop\":[\"END\"],"
                + "\"messages\":[{\"role\":\"system\",\"content\":\"Before.\"},{\"role\":\"system\",\"content\":\"S\"},"
                + "{\"role\":\"system\",\"content\":\"After.\"}, {\"role\":\"user\",\"content\":\"U\"}]}"),
        new Case(
            "system texts where the caller has none",
            OPENAI_CHAT,
            "{\"model\":\"other\",\"messages\":[ {\"role\":\"user\",\"content\":\"U\"}]}",
            Samples.target("other", system("A", "Z")),
            "{\"model\":\"other\",\"messages\":[ {\"role\":\"system\",\"content\":\"A\"},"
                + "{\"role\":\"system\",\"content\":\"Z\"},{\"role\":\"user\",\"content\":\"U\"}]}"),
        new Case(
            "OpenAI itself is told max_completion_tokens",
            OPENAI_CHAT,
            "{\"model\":\"m\",\"messages\":[{}]}",
            new TargetShape("m", maxTokens(500), OptionalInt.of(100), true, true),
            "{\"max_completion_tokens\":100,\"model\":\"m\",\"messages\":[{}]}"),
        new Case(
            "Anthropic's body, unknown fields and all",
            ANTHROPIC_MESSAGES,
            "{ \"model\": \"m\", \"max_tokens\": 1e3, \"beta\": [1.0], \"messages\": [ {} ] }\n",
            plain,
            "{ \"model\": \"other\", \"max_tokens\": 1e3, \"beta\": [1.0], \"messages\": [ {} ] }\n"),
        new Case(
            "Anthropic's overrides, the temperature in its range",
            ANTHROPIC_MESSAGES,
            "{\"model\":\"m\",\"max_tokens\":9,\"system\":\"S\\n\",\"messages\":[{}]}",
            Samples.target(
                "m",
                new Overrides(
                    OptionalDouble.of(1.7),
                    OptionalDouble.empty(),
                    OptionalInt.of(7),
                    List.of("X"),
                    Optional.of("A\""),
                    Optional.of("Z"))),
            "{\"temperature\":1.0,\"stop_sequences\":[\"X\"],\"model\":\"m\",\"max_tokens\":7,"
                + "\"system\":\"A\\\"\\n\\nS\\n\\n\\nZ\",\"messages\":[{}]}"),
        new Case(
            "Anthropic's system blocks",
            ANTHROPIC_MESSAGES,
            "{\"model\":\"m\",\"max_tokens\":9,\"system\":[ {\"type\":\"text\",\"text\":\"S\"} ],\"messages\":[{}]}",
            Samples.target("m", system("A", "Z")),
            "{\"model\":\"m\",\"max_tokens\":9,\"system\":[{\"type\":\"text\",\"text\":\"A\"},"
                + " {\"type\":\"text\",\"text\":\"S\"} ,{\"type\":\"text\",\"text\":\"Z\"}],\"messages\":[{}]}"),
        new Case(
            "Anthropic's empty list of system blocks",
            ANTHROPIC_MESSAGES,
            "{\"model\":\"m\",\"max_tokens\":9,\"system\":[],\"messages\":[{}]}",
            Samples.target("m", system("A", "Z")),
            "{\"model\":\"m\",\"max_tokens\":9,\"system\":[{\"type\":\"text\",\"text\":\"A\"},"
                + "{\"type\":\"text\",\"text\":\"Z\"}],\"messages\":[{}]}"),
        new Case(
            "no system prompt at all",
            ANTHROPIC_MESSAGES,
            "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{}]}",
            Samples.target("m", system("A", "Z")),
            "{\"system\":\"A\\n\\nZ\",\"model\":\"m\",\"max_tokens\":9,\"messages\":[{}]}"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void bodyIsSpliced(Case each) {
    // When
    Prepared prepared =
        Samples.request(each.dialect(), each.body()).forTarget(each.dialect(), each.target());
    // Then
    assertThat(prepared)
        .isInstanceOfSatisfying(
            Prepared.Ready.class,
            ready -> assertThat(Samples.text(ready.body())).isEqualTo(each.expected()));
  }

  @Test
  void aBodyThatNeedsNothingIsTheCallersOwnArray() {
    byte[] body = Samples.bytes("{\"model\":\"m\",\"messages\":[{}]}");
    var understood = (Reading.Understood) InboundRequest.read(OPENAI_CHAT, body);
    var ready = (Prepared.Ready) understood.request().forTarget(OPENAI_CHAT, Samples.target("m"));
    assertThat(ready.body()).isSameAs(body);
    assertThat(ready.adjustments()).isEmpty();
    assertThat(ready.path()).isEqualTo("/chat/completions");
  }

  @Test
  void theSameRequestServesSeveralTargets() {
    InboundRequest request = Samples.request(OPENAI_CHAT, ODD);
    var first = (Prepared.Ready) request.forTarget(OPENAI_CHAT, Samples.target("one"));
    var second = (Prepared.Ready) request.forTarget(OPENAI_CHAT, Samples.target("two"));
    assertThat(Samples.text(first.body())).isEqualTo(ODD.replace("\"asked\"", "\"one\""));
    assertThat(Samples.text(second.body())).isEqualTo(ODD.replace("\"asked\"", "\"two\""));
  }

  @Test
  void overridesAreNamedInTheAdjustments() {
    var ready =
        (Prepared.Ready)
            Samples.request(OPENAI_CHAT, "{\"model\":\"m\",\"messages\":[{}]}")
                .forTarget(OPENAI_CHAT, Samples.target("m", Samples.ALL_OVERRIDES));
    assertThat(ready.adjustments())
        .contains("temperature: set by the target", "messages: the target's system text added");
  }

  private static Overrides system(String prepend, String append) {
    return new Overrides(
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalInt.empty(),
        List.of(),
        Optional.of(prepend),
        Optional.of(append));
  }

  private static Overrides maxTokens(int most) {
    return new Overrides(
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalInt.of(most),
        List.of(),
        Optional.empty(),
        Optional.empty());
  }
}
