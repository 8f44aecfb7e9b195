package dev.changeover.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.testkit.provider.Answer;
import dev.changeover.testkit.provider.Pacing;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mistake of the gateway's own in the middle of an answer. */
final class OwnMistakeTest {
  private final AtomicBoolean armed = new AtomicBoolean();
  private final Rig rig;

  OwnMistakeTest() throws IOException {
    rig = new Rig(false, this::nanos);
  }

  /** Fails once it is armed, for the thread that serves the request. */
  private long nanos() {
    if (Thread.currentThread().getName().startsWith("request-") && armed.getAndSet(false)) {
      throw new IllegalStateException("a mistake on purpose");
    }
    return System.nanoTime();
  }

  @AfterEach
  void close() {
    rig.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/chat/completions", "/v1/messages", "/v1/generate"})
  void isToldInTheStreamAndTheStreamDoesNotEndWell(String path) throws Exception {
    // Given
    rig.first.always(new Answer(new Pacing(Duration.ZERO, Duration.ZERO, Duration.ofMillis(200))));
    String asked =
        path.endsWith("generate")
            ? "\"prompt\":\"Say something. #tag\""
            : "\"messages\":[{\"role\":\"user\",\"content\":\"Say something. #tag\"}]";
    String body = "{\"model\":\"assistant\",\"stream\":true,\"max_tokens\":50," + asked + "}";
    try (var caller = new Socket(InetAddress.getLoopbackAddress(), rig.gateway.port())) {
      caller.setSoTimeout(10_000);
      String head = "POST " + path + " HTTP/1.1\r\nhost: here\r\ncontent-length: ";
      caller.getOutputStream().write((head + body.length() + "\r\n\r\n" + body).getBytes(UTF_8));
      String begun = firstEvent(caller.getInputStream());
      // When
      armed.set(true);
      String rest = new String(caller.getInputStream().readAllBytes(), UTF_8);
      // Then
      assertThat(begun).startsWith("HTTP/1.1 200");
      assertThat(rest)
          .contains("\"error\":", "The gateway made a mistake")
          .doesNotContain("[DONE]", "message_stop", "0\r\n\r\n");
      await()
          .untilAsserted(() ->
              assertThat(rig.gateway.metricsText())
                  .containsPattern(
                      "llm_gateway_requests_total\\{code=\"200\",.*fault=\"service\","
                          + "reason=\"Internal\""));
    }
  }

  private static String firstEvent(InputStream in) throws IOException {
    var text = new StringBuilder();
    while (text.indexOf("data:") < 0) {
      text.append((char) in.read());
    }
    return text.toString();
  }
}
