package dev.changeover.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.gateway.e2e.RawCaller.Reply;
import dev.changeover.testkit.Seeds;
import dev.changeover.testkit.provider.Dialect;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bodies that are nearly right, in every way that chance finds, are never our failure. */
final class BodyFuzzTest {
  private static final int RUNS = 500;

  private static final List<String> PATHS =
      List.of("/v1/chat/completions", "/v1/messages", "/v1/generate");

  private static final List<String> SOUND =
      List.of(
          """
          {"model":"MODEL","messages":[{"role":"system","content":"be brief"},
          {"role":"user","content":"hello café 🌲"}],"stream":true,
          "stream_options":{"include_usage":true},"temperature":0.7,"n":1}\
          """,
          """
          {"model":"MODEL","max_tokens":64,"system":[{"type":"text","text":"be brief"}],
          "messages":[{"role":"user","content":[{"type":"text","text":"hello"}]},
          {"role":"assistant","content":"hi"},{"role":"user","content":"and?"}],
          "stop_sequences":["END"],"stream":true}\
          """,
          """
          {"model":"MODEL","prompt":"hello","max_tokens":12,"temperature":1,
          "metadata":{"team":"a"},"stream":false}\
          """,
          """
          {"model":"MODEL","max_tokens":64,"messages":[{"role":"user","content":"hello"}],
          "tools":[{"name":"f","input_schema":{"type":"object"}}],"thinking":{"type":"enabled"}}\
          """,
          """
          {"model":"MODEL","messages":[{"role":"user","content":[{"type":"text","text":"what?"},
          {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}],
          "response_format":{"type":"json_object"},"stop":["a","b"],"top_p":0.5}\
          """);

  private static final List<String> PIECES =
      List.of(
          "null",
          "true",
          "[]",
          "{}",
          "-1",
          "1e400",
          "0.0000000001",
          "99999999999999999999",
          "\"\"",
          "\"\\ud800\"",
          "\"\\u0000\"",
          "\"a\\r\\nb\"",
          "\"🌲\"",
          "[[[[]]]]",
          "NaN",
          "{\"role\":\"user\"}",
          "{\"role\":\"tool\",\"content\":null}",
          "\"role\":\"\"",
          "\"stream\":true",
          "\"stream\":null",
          "\"model\":null",
          "\"max_tokens\":\"5\"",
          "\"messages\":{}",
          "\"content\":[{\"type\":\"image\"}]",
          "\"temperature\":{}",
          "\"stop\":[1,null,{}]",
          "\"n\":128",
          "\"top_p\":\"x\"",
          ",",
          ":",
          "\"",
          "\\",
          "}",
          "]");

  private final Scene scene = new Scene();

  @BeforeEach
  void putUp() {
    scene.provider("openai", Dialect.OPENAI);
    scene.provider("anthropic", Dialect.ANTHROPIC);
    scene.route("openai-first", Scene.ATTEMPTS, "openai", "anthropic");
    scene.route("anthropic-first", Scene.ATTEMPTS, "anthropic", "openai");
    scene.apply();
  }

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void noBodyIsOurFailure() {
    Seeds.forEach(
        RUNS,
        random -> {
          // Given
          byte[] body = body(random);
          String path = PATHS.get(random.nextInt(PATHS.size()));
          // When
          Reply reply = RawCaller.send(scene.port(), post(path, body));
          // Then
          String said = path + " " + new String(body, StandardCharsets.UTF_8) + " → " + reply;
          assertThat(reply.status()).as(said).isBetween(200, 499);
          if (reply.status() != 200) {
            assertThat(reply.body()).as(said).contains("\"error\"", "\"message\"");
            assertThat(reply.headers()).as(said).containsEntry("x-should-retry", "false");
          }
          assertThat(scene.holds("openai")).as(said).isEmpty();
          assertThat(scene.holds("anthropic")).as(said).isEmpty();
        });
  }

  private static byte[] body(Random random) {
    String model = random.nextBoolean() ? "openai-first" : "anthropic-first";
    String sound = SOUND.get(random.nextInt(SOUND.size())).replace("MODEL", model);
    byte[] body = sound.getBytes(StandardCharsets.UTF_8);
    for (int changes = random.nextInt(4); changes > 0; changes--) {
      body = changed(body, random);
    }
    return body;
  }

  private static byte[] changed(byte[] body, Random random) {
    if (body.length == 0) {
      return body;
    }
    int at = random.nextInt(body.length);
    return switch (random.nextInt(10)) {
      case 0 -> replaced(body, at, Math.min(body.length, at + 1), one(random));
      case 1 -> replaced(body, at, body.length, new byte[0]);
      case 2 -> replaced(body, at, at, piece(random));
      case 3 -> replaced(body, at, Math.min(body.length, at + random.nextInt(20)), new byte[0]);
      case 4, 5, 6 -> memberAdded(body, random);
      default -> valueReplaced(body, random);
    };
  }

  /** Well-formed in most cases: one more member in front of the others. */
  private static byte[] memberAdded(byte[] body, Random random) {
    String piece = new String(piece(random), StandardCharsets.UTF_8);
    String member = piece.contains("\":") && !piece.startsWith("{") ? piece : "\"x\":" + piece;
    return replaced(body, 1, 1, (member + ",").getBytes(StandardCharsets.UTF_8));
  }

  /** What stands between a colon and the next comma becomes something else. */
  private static byte[] valueReplaced(byte[] body, Random random) {
    String text = new String(body, StandardCharsets.UTF_8);
    int colon = text.indexOf(':', random.nextInt(text.length()));
    int comma = text.indexOf(',', colon);
    return colon < 0 || comma < 0
        ? body
        : (text.substring(0, colon + 1)
                + new String(piece(random), StandardCharsets.UTF_8)
                + text.substring(comma))
            .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] one(Random random) {
    return new byte[] {(byte) random.nextInt(256)};
  }

  private static byte[] piece(Random random) {
    return PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] replaced(byte[] body, int from, int to, byte[] with) {
    var out = new ByteArrayOutputStream();
    out.write(body, 0, from);
    out.writeBytes(with);
    out.write(body, to, body.length - to);
    return out.toByteArray();
  }

  private static byte[] post(String path, byte[] body) {
    var out = new ByteArrayOutputStream();
    String head =
        "POST %s HTTP/1.1\r\nhost: here\r\nconnection: close\r\ncontent-length: %d\r\n\r\n"
            .formatted(path, body.length);
    out.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(body);
    return out.toByteArray();
  }
}
