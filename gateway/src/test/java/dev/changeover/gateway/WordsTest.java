package dev.changeover.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.changeover.gateway.observe.JsonLines;
import dev.changeover.testkit.client.ChatCall;
import dev.changeover.testkit.provider.Dialect;
import dev.changeover.testkit.provider.Fault;
import dev.changeover.testkit.provider.VendorReplies;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What a gateway says of a request in its log, and what it never says. */
final class WordsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final JsonLines encoder = new JsonLines();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          lines.add(new String(encoder.encode(event), UTF_8));
        }
      };
  private final Logger own = (Logger) LoggerFactory.getLogger("dev.changeover");
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final Rig rig;

  WordsTest() throws IOException {
    rig = new Rig();
  }

  @BeforeEach
  void listen() {
    own.setLevel(Level.TRACE);
    appender.start();
    root.addAppender(appender);
  }

  @AfterEach
  void close() {
    root.detachAppender(appender);
    own.setLevel(Level.INFO);
    rig.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v1/nothing HTTP/1.1\r\nhost: here\r\n\r\n",
        "GET /v1/models/nobody HTTP/1.1\r\nhost: here\r\n\r\n",
        "FETCH /v1/messages HTTP/1.1\r\nhost: here\r\n\r\n",
        "GET /v1/models HTTP/1.1\r\n\r\n",
        "no HTTP\r\n\r\n",
        "POST /v1/messages HTTP/1.1\r\nhost: here\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n\r\n",
        "POST /v1/messages HTTP/1.1\r\nhost: here\r\ncontent-length: +2\r\n\r\n{}"
      })
  void everyRefusalIsToldOnceAndAsItWasSent(String request) throws Exception {
    // When
    String reply;
    try (var caller = new Socket(InetAddress.getLoopbackAddress(), rig.gateway.port())) {
      caller.getOutputStream().write(request.getBytes(UTF_8));
      caller.shutdownOutput();
      reply = new String(caller.getInputStream().readAllBytes(), UTF_8);
    }
    rig.ask(Dialect.OPENAI, false);
    // Then
    await().until(() -> accessLines().stream().anyMatch(line -> line.contains("default/first")));
    assertThat(accessLines()).hasSize(2);
    JsonNode line = JSON.readTree(accessLines().getFirst());
    assertThat(reply).startsWith("HTTP/1.1 " + line.path("status").asInt());
    assertThat(reply).contains(line.path("request_id").asText());
    assertThat(line.path("fault").asText()).isEqualTo("caller");
    await().until(() -> rig.gateway.metricsText().contains("llm_requests_in_flight 0"));
  }

  @Test
  void oneLineTellsWhatBecameOfARequest() throws Exception {
    // Given
    rig.first.ban(VendorReplies.anthropicOrganizationDisabled());
    // When
    rig.ask(Dialect.OPENAI, true);
    // Then
    await().until(() -> accessLines().size() == 1);
    JsonNode line = JSON.readTree(accessLines().getFirst());
    assertThat(line.path("message").asText()).isEqualTo("request finished");
    assertThat(line.path("request_id").asText()).startsWith("req_");
    assertThat(line.path("route").asText()).isEqualTo("default/assistant");
    assertThat(line.path("dialect").asText()).isEqualTo("openai");
    assertThat(line.path("stream").isBoolean()).isTrue();
    assertThat(line.path("requested_model").asText()).isEqualTo("assistant");
    assertThat(line.path("provider").asText()).isEqualTo("default/second");
    assertThat(line.path("model").asText()).isEqualTo("gpt");
    assertThat(line.path("status").asInt()).isEqualTo(200);
    assertThat(line.path("fault").asText()).isEqualTo("none");
    assertThat(line.path("attempts")).hasSize(2);
    assertThat(line.path("attempts").path(0).path("reason").asText()).isEqualTo("AccountDisabled");
    assertThat(line.path("attempts").path(0).path("credential").asText()).isEqualTo("main");
    assertThat(line.path("attempts").path(0).path("status").asInt()).isEqualTo(400);
    assertThat(line.path("output_tokens").asLong()).isPositive();
    assertThat(line.path("first_token_ms").isNumber()).isTrue();
    assertThat(line.path("overhead_ms").isNumber()).isTrue();
    assertThat(line.path("revision").asText()).isEqualTo("1.1");
  }

  @Test
  void neitherKeysNorPromptsAreEverSaid() {
    // Given
    List<Fault> faults =
        List.of(
            VendorReplies.anthropicInvalidKey(),
            VendorReplies.anthropicServerError(),
            new Fault.CutAfterHalf(),
            new Fault.HtmlPage(502),
            new Fault.ResetBeforeHeaders());
    // When
    for (Fault fault : faults) {
      rig.first.always(fault);
      rig.ask(Dialect.ANTHROPIC, true);
      rig.client.send(
          ChatCall.of(Dialect.OPENAI, "assistant", "#tag", false)
              .with("cookie", "session=caller-cookie"));
    }
    // Then
    await().until(() -> accessLines().size() == 2 * faults.size());
    assertThat(String.join("", lines) + rig.gateway.metricsText())
        .doesNotContain(
            Rig.CANARY,
            Base64.getEncoder().encodeToString(Rig.CANARY.getBytes(UTF_8)),
            "caller-key",
            "caller-cookie",
            "Please say something");
  }

  private List<String> accessLines() {
    return lines.stream().filter(line -> line.contains("changeover.access")).toList();
  }
}
