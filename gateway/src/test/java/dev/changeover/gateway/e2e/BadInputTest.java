package dev.changeover.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.changeover.gateway.e2e.RawCaller.Reply;
import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.provider.Dialect;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a caller sends, it is told what to do in its own dialect and with a 4xx; the gateway
 * neither hangs nor fails, and serves the next.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BadInputTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BODY_BYTES_MAX = 32 << 20;
  private static final String MODEL = "assistant";
  private static final String USER = "[{\"role\":\"user\",\"content\":\"hello\"}]";

  private final Scene scene = new Scene();

  /** Whose shape an error has. */
  enum Shape {
    OPENAI("/v1/chat/completions"),
    ANTHROPIC("/v1/messages"),
    GENERATE("/v1/generate");

    private final String path;

    Shape(String path) {
      this.path = path;
    }

    String sound() {
      return switch (this) {
        case OPENAI -> "{\"model\":\"assistant\",\"messages\":" + USER + "}";
        case ANTHROPIC -> "{\"model\":\"assistant\",\"max_tokens\":50,\"messages\":" + USER + "}";
        case GENERATE -> "{\"model\":\"assistant\",\"prompt\":\"hello\"}";
      };
    }
  }

  @BeforeAll
  void putUp() {
    scene.provider("first", Dialect.ANTHROPIC);
    scene.provider("second", Dialect.OPENAI);
    scene.route(MODEL, Scene.ATTEMPTS, "first", "second");
    scene.route("by-first", Scene.ATTEMPTS, "first");
    scene.route("by-second", Scene.ATTEMPTS, "second");
    scene.apply();
  }

  @AfterEach
  void theNextRequestIsServed() {
    assertThat(scene.ask(Dialect.OPENAI, MODEL, true)).isInstanceOf(Complete.class);
    assertThat(scene.holds("first")).isEmpty();
    assertThat(scene.holds("second")).isEmpty();
  }

  @AfterAll
  void close() {
    scene.close();
  }

  static Stream<Arguments> soundRequests() {
    return Stream.of(Shape.values()).map(shape -> arguments(shape));
  }

  @ParameterizedTest
  @MethodSource("soundRequests")
  void theSoundRequestsThatTheOthersAreMadeOfAreAnswered(Shape shape) throws IOException {
    Reply reply = RawCaller.send(scene.port(), post(shape, shape.sound()));
    assertThat(reply.status()).isEqualTo(200);
  }

  static Stream<Arguments> anyBodies() {
    return Stream.of(Shape.values())
        .flatMap(shape ->
            Stream.of(
                    arguments("an empty body", "", 400),
                    arguments("an open brace", "{", 400),
                    arguments("no JSON at all", "model=assistant&prompt=hello", 400),
                    arguments("a list", "[]", 400),
                    arguments("null", "null", 400),
                    arguments("a number", "1", 400),
                    arguments("two objects", shape.sound() + shape.sound(), 400),
                    arguments("a body that is cut", cut(shape.sound()), 400),
                    arguments("a comment", "/* */" + shape.sound(), 400),
                    arguments("a NUL in it", shape.sound().replace("hello", "he\0llo"), 400),
                    arguments("a NUL behind it", shape.sound() + "\0", 400),
                    arguments("an empty object", "{}", 400),
                    arguments("a NaN", with(shape, "\"temperature\":NaN"), 400),
                    arguments("a model twice", with(shape, "\"model\":\"assistant\""), 400),
                    arguments(
                        "a model twice, once escaped",
                        with(shape, "\"m\\u006fdel\":\"assistant\""),
                        400),
                    arguments("a stream that is a text", with(shape, "\"stream\":\"yes\""), 400),
                    arguments("a deep list", with(shape, "\"x\":" + "[".repeat(10_000)), 400),
                    arguments("a deep object", with(shape, "\"x\":" + "{\"a\":".repeat(5000)), 400),
                    arguments(
                        "a well-formed body of depth 1000",
                        with(shape, "\"x\":" + "[".repeat(1000) + "]".repeat(1000)),
                        400),
                    arguments("a model that is a number", model(shape, "7"), 400),
                    arguments("a model that is empty", model(shape, "\"\""), 400),
                    arguments("an unknown model", model(shape, "\"nobody\""), 404),
                    arguments(
                        "a model with line breaks", model(shape, "\"a\\r\\nx-evil: 1\""), 404),
                    arguments("a model that is no Unicode", model(shape, "\"\\ud800\""), 404),
                    arguments(
                        "a model of 300 letters", model(shape, "\"" + "m".repeat(300) + "\""), 400),
                    arguments("a name of 100,000 letters", with(shape, longName()), 400))
                .map(bad -> arguments(shape, bad.get()[0], bad.get()[1], bad.get()[2])));
  }

  static Stream<Arguments> bodies() {
    return Stream.concat(
        anyBodies(),
        Stream.of(
            arguments(Shape.OPENAI, "no model", "{\"messages\":" + USER + "}", 400),
            arguments(Shape.OPENAI, "no messages", "{\"model\":\"assistant\"}", 400),
            arguments(
                Shape.OPENAI, "empty messages", "{\"model\":\"assistant\",\"messages\":[]}", 400),
            arguments(
                Shape.OPENAI,
                "a text as messages",
                "{\"model\":\"assistant\",\"messages\":\"x\"}",
                400),
            arguments(
                Shape.OPENAI,
                "a text as a message",
                "{\"model\":\"assistant\",\"messages\":[\"x\"]}",
                400),
            arguments(
                Shape.OPENAI,
                "stream_options as a list",
                with(Shape.OPENAI, "\"stream\":true,\"stream_options\":[]"),
                400),
            arguments(
                Shape.ANTHROPIC, "no model", "{\"max_tokens\":5,\"messages\":" + USER + "}", 400),
            arguments(
                Shape.ANTHROPIC,
                "no max_tokens",
                "{\"model\":\"assistant\",\"messages\":" + USER + "}",
                400),
            arguments(
                Shape.ANTHROPIC,
                "max_tokens of 0",
                Shape.ANTHROPIC.sound().replace("50", "0"),
                400),
            arguments(
                Shape.ANTHROPIC,
                "max_tokens beyond use",
                Shape.ANTHROPIC.sound().replace("50", "1e999999999"),
                400),
            arguments(
                Shape.ANTHROPIC, "a number as system", with(Shape.ANTHROPIC, "\"system\":5"), 400),
            arguments(Shape.GENERATE, "no prompt", "{\"model\":\"assistant\"}", 400),
            arguments(Shape.GENERATE, "a number as prompt", "{\"prompt\":5}", 400),
            arguments(Shape.GENERATE, "an empty prompt", "{\"prompt\":\"\"}", 400),
            arguments(
                Shape.GENERATE,
                "a text as metadata",
                with(Shape.GENERATE, "\"metadata\":\"x\""),
                400),
            arguments(
                Shape.GENERATE,
                "a temperature of 9",
                with(Shape.GENERATE, "\"temperature\":9"),
                400)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("bodies")
  void aBodyThatIsWrong(Shape shape, String what, String body, int status) throws IOException {
    // When
    Reply reply = RawCaller.send(scene.port(), post(shape, body));
    // Then
    isTold(shape, reply, status);
  }

  static Stream<Arguments> uncarried() {
    String tools = "\"tools\":[{\"name\":\"f\"}]";
    return Stream.of(
        arguments(Shape.OPENAI, "by-first", with(Shape.OPENAI, tools), "first/model-of-first"),
        arguments(
            Shape.ANTHROPIC, "by-second", with(Shape.ANTHROPIC, tools), "second/model-of-second"));
  }

  @ParameterizedTest
  @MethodSource("uncarried")
  void whatNoTargetOfTheRouteCanCarryIsTheCallersToChange(
      Shape shape, String model, String body, String target) throws IOException {
    // When
    Reply reply = RawCaller.send(scene.port(), post(shape, body.replace(MODEL, model)));
    // Then
    isTold(shape, reply, 400);
    assertThat(reply.body()).contains(target, "Untranslatable", "tools");
  }

  @ParameterizedTest
  @MethodSource("soundRequests")
  void aBodyThatIsNoUtf8(Shape shape) throws IOException {
    // Given
    byte[] request = post(shape, shape.sound());
    request[new String(request, StandardCharsets.ISO_8859_1).indexOf("hello")] = (byte) 0xC3;
    // When
    Reply reply = RawCaller.send(scene.port(), request);
    // Then
    isTold(shape, reply, 400);
  }

  @ParameterizedTest
  @MethodSource("soundRequests")
  void aBodyThatIsAnnouncedAsTooLargeIsNotWaitedFor(Shape shape) throws IOException {
    // When
    Reply reply =
        RawCaller.send(
            scene.port(),
            out -> {
              write(
                  out,
                  head(shape, "content-length: " + (BODY_BYTES_MAX + 1), "expect: 100-continue"));
            });
    // Then
    isTold(shape, reply, 413);
    assertThat(reply.interim()).isFalse();
    assertThat(reply.closed()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("soundRequests")
  void aBodyThatTurnsOutTooLarge(Shape shape) throws IOException {
    // Given
    byte[] chunk = ("10000\r\n" + " ".repeat(1 << 16) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    // When
    Reply reply =
        RawCaller.send(
            scene.port(),
            out -> {
              write(out, head(shape, "transfer-encoding: chunked"));
              for (int sent = 0; sent <= BODY_BYTES_MAX + (1 << 20); sent += 1 << 16) {
                out.write(chunk);
              }
              write(out, "0\r\n\r\n");
            });
    // Then
    isTold(shape, reply, 413);
  }

  @ParameterizedTest
  @MethodSource("soundRequests")
  void aLargeBodyThatIsWithinTheBoundIsAnswered(Shape shape) throws IOException {
    // Given
    String body = shape.sound().replace("hello", "hello ".repeat(1 << 20));
    // When
    Reply reply = RawCaller.send(scene.port(), post(shape, body));
    // Then
    assertThat(reply.status()).isEqualTo(200);
  }

  static Stream<Arguments> addresses() {
    return Stream.of(
        arguments("GET /v1/chat/completions", Shape.OPENAI, 405),
        arguments("PUT /v1/chat/completions", Shape.OPENAI, 405),
        arguments("GET /v1/messages", Shape.ANTHROPIC, 405),
        arguments("PATCH /v1/messages", Shape.ANTHROPIC, 405),
        arguments("DELETE /v1/generate", Shape.GENERATE, 405),
        arguments("OPTIONS /v1/messages", Shape.ANTHROPIC, 405),
        arguments("TRACE /v1/messages", Shape.ANTHROPIC, 405),
        arguments("FETCH /v1/messages", Shape.ANTHROPIC, 405),
        arguments("POST /v1/models", Shape.OPENAI, 405),
        arguments("POST /v1/models/assistant", Shape.OPENAI, 405),
        arguments("GET /v1/models/nobody", Shape.OPENAI, 404),
        arguments("POST /", Shape.OPENAI, 404),
        arguments("POST /v1", Shape.OPENAI, 404),
        arguments("POST /v1/chat/completions/", Shape.OPENAI, 404),
        arguments("POST /v1/completions", Shape.OPENAI, 404),
        arguments("POST /V1/MESSAGES", Shape.OPENAI, 404),
        arguments("POST /v2/messages", Shape.OPENAI, 404),
        arguments("POST /ns/", Shape.OPENAI, 404),
        arguments("POST /ns//v1/messages", Shape.OPENAI, 404),
        arguments("POST /ns/default", Shape.OPENAI, 404),
        arguments("POST /ns/elsewhere/v1/messages", Shape.ANTHROPIC, 404),
        arguments("POST /v1/%2e%2e/messages", Shape.OPENAI, 400),
        arguments("POST /v1/../v1/messages", Shape.OPENAI, 400),
        arguments("POST /v1/mess%00ages", Shape.OPENAI, 400),
        arguments("POST /v1%2fmessages", Shape.OPENAI, 400),
        arguments("POST /v1/messages;jsessionid=1", Shape.OPENAI, 400),
        arguments("POST /v1/mess\\ages", Shape.OPENAI, 400),
        arguments("POST //v1/messages", Shape.OPENAI, 400),
        arguments("POST /v1/%zz", Shape.OPENAI, 400),
        arguments("POST *", Shape.OPENAI, 400),
        arguments("OPTIONS *", Shape.OPENAI, 400),
        arguments("CONNECT here:80", Shape.OPENAI, 400),
        arguments("POST v1/messages", Shape.OPENAI, 400));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("addresses")
  void anAddressThatIsWrong(String line, Shape shape, int status) throws IOException {
    // Given
    String body = shape == Shape.GENERATE ? Shape.GENERATE.sound() : Shape.ANTHROPIC.sound();
    String request =
        line
            + " HTTP/1.1\r\nhost: here\r\ncontent-type: application/json\r\ncontent-length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    // When
    Reply reply = RawCaller.send(scene.port(), request.getBytes(StandardCharsets.US_ASCII));
    // Then
    if (status == 404 || status == 400) {
      assertThat(reply.status()).isBetween(400, 404); // which of both is Jetty's to say
      isTold(shape, reply, reply.status());
    } else {
      isTold(shape, reply, status);
    }
  }

  static Stream<Arguments> framings() {
    String anthropic = Shape.ANTHROPIC.sound();
    String length = "content-length: " + anthropic.length() + "\r\n";
    String line = "POST /v1/messages HTTP/1.1\r\nhost: here\r\nanthropic-version: 2023-06-01\r\n";
    String chunked = "transfer-encoding: chunked\r\n";
    return Stream.of(
        arguments("both framings", line + length + chunked + "\r\n0\r\n\r\n"),
        arguments("a length that is a word", line + "content-length: many\r\n\r\n" + anthropic),
        arguments("a negative length", line + "content-length: -5\r\n\r\n" + anthropic),
        arguments("a signed length", line + "content-length: +5\r\n\r\n" + anthropic),
        arguments(
            "a length beyond numbers",
            line + "content-length: 99999999999999999999\r\n\r\n" + anthropic),
        arguments("an empty length", line + "content-length:\r\n\r\n" + anthropic),
        arguments("two lengths", line + length + "content-length: 5\r\n\r\n" + anthropic),
        arguments("a length in a list", line + "content-length: 5, 6\r\n\r\n" + anthropic),
        arguments("a length too long", line + "content-length: 5000\r\n\r\n" + anthropic),
        arguments("an unknown framing", line + "transfer-encoding: magic\r\n\r\n" + anthropic),
        arguments(
            "a framing that is not last",
            line + "transfer-encoding: chunked, gzip\r\n\r\n0\r\n\r\n"),
        arguments("a chunk without a size", line + chunked + "\r\nzz\r\n{}\r\n0\r\n\r\n"),
        arguments(
            "a chunk of a size beyond numbers",
            line + chunked + "\r\nfffffffffffffffff\r\n{}\r\n0\r\n\r\n"),
        arguments("a chunk with a negative size", line + chunked + "\r\n-1\r\n{}\r\n0\r\n\r\n"),
        arguments("a chunk longer than its size", line + chunked + "\r\n2\r\n{}x\r\n0\r\n\r\n"),
        arguments("a chunked body that is cut", line + chunked + "\r\n5\r\n{}"),
        arguments("a folded header", line + "x-a: 1\r\n  2\r\n" + length + "\r\n" + anthropic),
        arguments("a bare line feed", line + "x-a: 1\n" + length + "\r\n" + anthropic),
        arguments("a NUL in a header", line + "x-a: a\0b\r\n" + length + "\r\n" + anthropic),
        arguments("a header without a colon", line + "x-a\r\n" + length + "\r\n" + anthropic),
        arguments("a header without a name", line + ": a\r\n" + length + "\r\n" + anthropic),
        arguments(
            "a space before a colon",
            line + "content-length : " + anthropic.length() + "\r\n\r\n" + anthropic),
        arguments("a huge header", line + "x-a: " + "a".repeat(20_000) + "\r\n" + length + "\r\n"),
        arguments("ten thousand headers", line + "x-a: a\r\n".repeat(10_000) + length + "\r\n"),
        arguments(
            "a hundred and one headers",
            line + "x-a: a\r\n".repeat(98) + length + "\r\n" + anthropic),
        arguments(
            "a line of nine thousand bytes",
            line.replace(" HTTP", "?" + "a".repeat(9_000) + " HTTP") + length + "\r\n" + anthropic),
        arguments("no host", "POST /v1/messages HTTP/1.1\r\n" + length + "\r\n" + anthropic),
        arguments("two hosts", line + "host: there\r\n" + length + "\r\n" + anthropic),
        arguments("an unknown version", "POST /v1/chat/completions HTTP/7.1\r\nhost: a\r\n\r\n"),
        arguments("no version", "POST /v1/messages\r\nhost: a\r\n\r\n"),
        arguments("a huge line", "POST /" + "a".repeat(50_000) + " HTTP/1.1\r\nhost: a\r\n\r\n"),
        arguments("no HTTP", "hello there, this is no HTTP\r\n\r\n"),
        arguments("a NUL first", "\0POST /v1/messages HTTP/1.1\r\nhost: a\r\n\r\n"),
        arguments("HTTP/2 at once", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        arguments("TLS", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003\r\n\r\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("framings")
  void httpThatIsWrong(String what, String request) throws IOException {
    // When
    Reply reply = RawCaller.sendAndEnd(scene.port(), request.getBytes(StandardCharsets.ISO_8859_1));
    // Then
    assertThat(reply.status()).as(what + ": " + reply).isBetween(400, 499);
    Shape shape = request.contains("anthropic-version") ? Shape.ANTHROPIC : Shape.OPENAI;
    if (request.startsWith("POST /v1/messages ") || request.startsWith("POST /v1/messages?")) {
      shape = Shape.ANTHROPIC;
    }
    isTold(shape, reply, reply.status());
    assertThat(reply.closed()).isTrue();
  }

  private static void isTold(Shape shape, Reply reply, int status) {
    assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
    assertThat(reply.headers())
        .containsEntry("content-type", "application/json")
        .containsEntry("x-should-retry", "false")
        .containsKeys("x-request-id", "request-id");
    JsonNode body = read(reply.body());
    JsonNode error = body.path("error");
    assertThat(error.path("message").asText())
        .hasSizeBetween(15, 1_000)
        .doesNotContain("Exception");
    switch (shape) {
      case OPENAI -> {
        assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(error.path("code").isTextual()).isTrue();
        assertThat(error.has("param")).isTrue();
        assertThat(body.has("type")).isFalse();
      }
      case ANTHROPIC -> {
        assertThat(body.path("type").asText()).isEqualTo("error");
        assertThat(error.path("type").asText())
            .isIn("invalid_request_error", "not_found_error", "request_too_large");
        assertThat(body.path("request_id").asText()).isNotEmpty();
      }
      case GENERATE -> {
        assertThat(error.path("reason").asText()).isNotEmpty();
        assertThat(error.path("request_id").asText()).isNotEmpty();
      }
    }
  }

  private static byte[] post(Shape shape, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    byte[] head =
        head(shape, "content-length: " + bytes.length).getBytes(StandardCharsets.US_ASCII);
    byte[] request = Arrays.copyOf(head, head.length + bytes.length);
    System.arraycopy(bytes, 0, request, head.length, bytes.length);
    return request;
  }

  private static String head(Shape shape, String... headers) {
    return "POST %s HTTP/1.1\r\nhost: here\r\ncontent-type: application/json\r\n%s\r\n\r\n"
        .formatted(shape.path, String.join("\r\n", headers));
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String with(Shape shape, String member) {
    String sound = shape.sound();
    return sound.substring(0, sound.length() - 1) + "," + member + "}";
  }

  private static String model(Shape shape, String model) {
    return shape.sound().replace("\"assistant\"", model);
  }

  private static String cut(String body) {
    return body.substring(0, body.length() / 2);
  }

  private static String longName() {
    return "\"" + "n".repeat(100_000) + "\":1";
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON: " + json, e);
    }
  }
}
