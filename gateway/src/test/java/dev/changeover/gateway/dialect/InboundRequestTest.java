package dev.changeover.gateway.dialect;

import static dev.changeover.gateway.dialect.Dialect.ANTHROPIC_MESSAGES;
import static dev.changeover.gateway.dialect.Dialect.GENERATE;
import static dev.changeover.gateway.dialect.Dialect.OPENAI_CHAT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.gateway.dialect.Reading.Mistaken;
import dev.changeover.gateway.dialect.Reading.Understood;
import dev.changeover.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class InboundRequestTest {
  private static final String HI = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";

  record Mistake(String sentence, Dialect dialect, String body, String message) {
    @Override
    public String toString() {
      return sentence;
    }
  }

  static Stream<Mistake> mistakes() {
    return Stream.of(
        new Mistake(
            "nothing", OPENAI_CHAT, "", "The body must be one JSON object and nothing else."),
        new Mistake(
            "a list", OPENAI_CHAT, "[]", "The body must be one JSON object and nothing else."),
        new Mistake(
            "no JSON", OPENAI_CHAT, "{\"model\":oops}", "The body is not valid JSON near byte "),
        new Mistake(
            "cut short", OPENAI_CHAT, "{\"model\":\"m\"", "The body is not valid JSON near byte "),
        new Mistake(
            "something behind the object",
            OPENAI_CHAT,
            "{\"model\":\"m\"," + HI + "} {}",
            "The body must be one JSON object and nothing else."),
        new Mistake(
            "garbage behind the object",
            OPENAI_CHAT,
            "{\"model\":\"m\"," + HI + "} x",
            "The body is not valid JSON near byte "),
        new Mistake(
            "a byte order mark",
            OPENAI_CHAT,
            "\uFEFF{}",
            "The body is no JSON in UTF-8: send one JSON object."),
        new Mistake(
            "zero bytes",
            OPENAI_CHAT,
            "{\0\"\0",
            "The body is no JSON in UTF-8: send one JSON object."),
        new Mistake(
            "65 levels",
            OPENAI_CHAT,
            "{\"model\":\"m\"," + HI + ",\"x\":" + nested(64) + "}",
            "The body nests deeper than 64 levels, or has a name or number beyond any use: send a plainer body."),
        new Mistake(
            "a field twice",
            OPENAI_CHAT,
            "{\"model\":\"m\",\"mod\\u0065l\":\"n\"," + HI + "}",
            "model: stands twice: keep one of them."),
        new Mistake(
            "include_usage twice",
            OPENAI_CHAT,
            "{\"model\":\"m\","
                + HI
                + ",\"stream_options\":{\"include_usage\":true,\"include_usage\":false}}",
            "stream_options.include_usage: stands twice: keep one of them."),
        new Mistake(
            "257 fields",
            OPENAI_CHAT,
            manyFields(),
            "The body has more than 256 fields: send fewer."),
        new Mistake(
            "no model",
            OPENAI_CHAT,
            "{" + HI + "}",
            "model: required: name one of the models that GET /v1/models lists."),
        new Mistake(
            "a model that is null",
            OPENAI_CHAT,
            "{\"model\":null," + HI + "}",
            "model: required: name one of the models that GET /v1/models lists."),
        new Mistake(
            "a model that is a number",
            OPENAI_CHAT,
            "{\"model\":7," + HI + "}",
            "model: must be a string that is not empty."),
        new Mistake(
            "a model's name without end",
            OPENAI_CHAT,
            "{\"model\":\"" + "m".repeat(257) + "\"," + HI + "}",
            "model: has more than 256 characters: shorten it."),
        new Mistake(
            "no messages",
            OPENAI_CHAT,
            "{\"model\":\"m\"}",
            "messages: required: send a list with at least one {\"role\": …, \"content\": …}."),
        new Mistake(
            "messages that are a string",
            OPENAI_CHAT,
            "{\"model\":\"m\",\"messages\":\"Hi\"}",
            "messages: must be a list of {\"role\": …, \"content\": …}."),
        new Mistake(
            "empty messages",
            ANTHROPIC_MESSAGES,
            "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[]}",
            "messages: must not be empty: send at least one turn of the user's."),
        new Mistake(
            "a message that is a string",
            OPENAI_CHAT,
            "{\"model\":\"m\",\"messages\":[{},\"Hi\"]}",
            "messages[1]: must be an object {\"role\": …, \"content\": …}."),
        new Mistake(
            "stream that is a string",
            OPENAI_CHAT,
            "{\"model\":\"m\",\"stream\":\"yes\"," + HI + "}",
            "stream: must be true or false."),
        new Mistake(
            "stream_options that are a list",
            OPENAI_CHAT,
            "{\"model\":\"m\",\"stream_options\":[]," + HI + "}",
            "stream_options: must be an object such as {\"include_usage\": true}."),
        new Mistake(
            "no max_tokens for Anthropic",
            ANTHROPIC_MESSAGES,
            "{\"model\":\"m\"," + HI + "}",
            "max_tokens: required: say how many tokens the answer may have at most."),
        new Mistake(
            "max_tokens of nothing",
            ANTHROPIC_MESSAGES,
            "{\"model\":\"m\",\"max_tokens\":0," + HI + "}",
            "max_tokens: must be a whole number of at least 1."),
        new Mistake(
            "max_tokens beyond any number",
            ANTHROPIC_MESSAGES,
            "{\"model\":\"m\",\"max_tokens\":1e99999999999," + HI + "}",
            "max_tokens: must be a whole number of at least 1."),
        new Mistake(
            "max_tokens beyond any memory",
            ANTHROPIC_MESSAGES,
            "{\"model\":\"m\",\"max_tokens\":1e999999999," + HI + "}",
            "max_tokens: must be a whole number of at least 1."),
        new Mistake(
            "a system prompt that is a number",
            ANTHROPIC_MESSAGES,
            "{\"model\":\"m\",\"max_tokens\":1,\"system\":1," + HI + "}",
            "system: must be a string or a list of text blocks."),
        new Mistake("no prompt", GENERATE, "{}", "prompt: required: send the text to answer."),
        new Mistake(
            "an empty prompt",
            GENERATE,
            "{\"prompt\":\"\"}",
            "prompt: must be a string that is not empty."),
        new Mistake(
            "a model without a name",
            GENERATE,
            "{\"prompt\":\"Hi\",\"model\":\"\"}",
            "model: must be a string that is not empty, or left out."),
        new Mistake(
            "a fraction of a token",
            GENERATE,
            "{\"prompt\":\"Hi\",\"max_tokens\":1.5}",
            "max_tokens: must be a whole number of at least 1."),
        new Mistake(
            "a fever",
            GENERATE,
            "{\"prompt\":\"Hi\",\"temperature\":3}",
            "temperature: must be a number from 0 to 2."),
        new Mistake(
            "metadata that are a string",
            GENERATE,
            "{\"prompt\":\"Hi\",\"metadata\":\"x\"}",
            "metadata: must be an object."));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void mistakeIsToldWithWhatToDo(Mistake mistake) {
    // When
    Reading reading = InboundRequest.read(mistake.dialect(), Samples.bytes(mistake.body()));
    // Then
    assertThat(reading)
        .isInstanceOfSatisfying(
            Mistaken.class,
            mistaken -> {
              assertThat(mistaken.message()).startsWith(mistake.message());
              assertThat(mistaken.status()).isEqualTo(400);
            });
  }

  @Test
  void utf16IsNotTakenForUtf8() {
    byte[] body = ("{\"model\":\"m\"," + HI + "}").getBytes(StandardCharsets.UTF_16LE);
    assertThat(InboundRequest.read(OPENAI_CHAT, body)).isInstanceOf(Mistaken.class);
  }

  @Test
  void sixtyFourLevelsAreRead() {
    InboundRequest request =
        Samples.request(OPENAI_CHAT, "{\"model\":\"m\"," + HI + ",\"x\":" + nested(63) + "}");
    assertThat(request.model()).contains("m");
  }

  @Test
  void factsOfARequestAreFound() {
    // When
    InboundRequest request =
        Samples.request(
            OPENAI_CHAT,
            "{\"x\":[{\"model\":\"not this\"}],\"m\\u006fdel\":\"gpt\\u002d4o\",\"stream\":true,\"n\":3,"
                + "\"stream_options\":{\"include_usage\":true},\"response_format\":{\"type\":\"json_object\"},"
                + HI
                + "}");
    // Then
    assertThat(request.model()).contains("gpt-4o");
    assertThat(request.streaming()).isTrue();
    assertThat(request.usageAsked()).isTrue();
    assertThat(request.choices()).isEqualTo(3);
    assertThat(request.structuredOutput()).isTrue();
  }

  @Test
  void generateNeedsNoModelAndKeepsItsMetadata() {
    InboundRequest request =
        Samples.request(GENERATE, "{\"prompt\":\"Hi\",\"metadata\":{\"team\": \"a\"}}");
    assertThat(request.model()).isEmpty();
    assertThat(request.streaming()).isFalse();
    assertThat(request.metadata().map(Samples::text)).contains("{\"team\": \"a\"}");
  }

  @Test
  void randomBytesNeverThrow() {
    Seeds.forEach(
        2000,
        random -> {
          byte[] bytes = new byte[random.nextInt(200)];
          random.nextBytes(bytes);
          for (Dialect dialect : Dialect.values()) {
            assertThat(InboundRequest.read(dialect, bytes)).isNotNull();
          }
        });
  }

  @Test
  void damagedRequestsNeverThrowAndNeverGiveABrokenBody() {
    List<String> bodies =
        List.of(
            "{\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":\"é\"},{\"role\":\"user\",\"content\":"
                + "[{\"type\":\"text\",\"text\":\"Hi\"}]}],\"temperature\":1.5,\"stream\":true,\"stop\":[\"a\"],"
                + "\"stream_options\":{\"include_usage\":false}}",
            "{\"model\":\"m\",\"max_tokens\":5,\"system\":[{\"type\":\"text\",\"text\":\"S\"}],"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"stop_sequences\":[\"x\"]}",
            "{\"prompt\":\"Hi\",\"max_tokens\":5,\"temperature\":0.5,\"metadata\":{},\"stream\":true}");
    Seeds.forEach(
        3000,
        random -> {
          byte[] body = damaged(Samples.bytes(bodies.get(random.nextInt(bodies.size()))), random);
          for (Dialect dialect : Dialect.values()) {
            if (InboundRequest.read(dialect, body) instanceof Understood(InboundRequest request)) {
              prepare(request);
            }
          }
        });
  }

  private static void prepare(InboundRequest request) {
    TargetShape target = Samples.target("other", Samples.ALL_OVERRIDES);
    for (Dialect outbound : List.of(OPENAI_CHAT, ANTHROPIC_MESSAGES)) {
      if (request.forTarget(outbound, target) instanceof Prepared.Ready ready) {
        Reading sent = InboundRequest.read(outbound, ready.body());
        assertThat(sent).as(Samples.text(ready.body())).isInstanceOf(Understood.class);
        assertThat(((Understood) sent).request().model()).contains("other");
      }
    }
    assertThat(Optional.of(request.structuredOutput())).isPresent();
  }

  private static byte[] damaged(byte[] body, Random random) {
    byte[] copy = body.clone();
    for (int i = random.nextInt(4); i > 0; i--) {
      copy[random.nextInt(copy.length)] =
          random.nextBoolean()
              ? (byte) random.nextInt(256)
              : (byte) "{}[]\",:0e\\".charAt(random.nextInt(10));
    }
    return copy;
  }

  private static String nested(int levels) {
    return "[".repeat(levels) + "]".repeat(levels);
  }

  private static String manyFields() {
    var body = new StringBuilder("{\"model\":\"m\"," + HI);
    for (int i = 0; i < 255; i++) {
      body.append(",\"f").append(i).append("\":0");
    }
    return body.append('}').toString();
  }
}
