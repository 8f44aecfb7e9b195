package dev.changeover.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.testkit.provider.Answer;
import dev.changeover.testkit.provider.Pacing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes on the caller's connection, as no client library would write them. */
final class RawHttpTest {
  private static final int WAIT_MILLIS = 10_000;
  private static final String BODY =
      "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello. #tag\"}]}";

  private final Rig rig;

  RawHttpTest() throws IOException {
    rig = new Rig();
  }

  @AfterEach
  void close() {
    rig.close();
  }

  /** Bytes and what is wrong with them. */
  record Framing(String sentence, String bytes) {
    @Override
    public String toString() {
      return sentence;
    }
  }

  static Stream<Framing> framings() {
    String head = "POST /v1/chat/completions HTTP/1.1\r\nhost: gateway\r\n";
    return Stream.of(
        new Framing(
            "length and transfer coding",
            head + "content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"),
        new Framing("two lengths", head + "content-length: 2\r\ncontent-length: 3\r\n\r\n{}"),
        new Framing("a length that is no number", head + "content-length: +2\r\n\r\n{}"),
        new Framing("a folded header", head + "x-fold: a\r\n b\r\ncontent-length: 2\r\n\r\n{}"),
        new Framing("a NUL in a header", head + "x-nul: a\0b\r\ncontent-length: 2\r\n\r\n{}"),
        new Framing(
            "a bad chunk", head + "transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"),
        new Framing("no host", "POST /v1/chat/completions HTTP/1.1\r\ncontent-length: 2\r\n\r\n{}"),
        new Framing("no HTTP", "hello\r\n\r\n"),
        new Framing(
            "headers beyond the bound", head + "x-long: " + "a".repeat(20_000) + "\r\n\r\n"));
  }

  @ParameterizedTest
  @MethodSource("framings")
  void oddFramingIsRefusedAndTheConnectionClosed(Framing framing) throws Exception {
    try (Socket caller = connect()) {
      // When
      write(caller, framing.bytes());
      String reply = new String(caller.getInputStream().readAllBytes(), ISO_8859_1);
      // Then
      assertThat(reply).startsWith("HTTP/1.1 4").contains("\"error\"");
      assertThat(rig.first.ledger().received()).isZero();
    }
  }

  @Test
  void aKeptConnectionServesOneRequestAfterAnother() throws Exception {
    try (Socket caller = connect()) {
      for (int request = 1; request <= 3; request++) {
        write(caller, request());
        assertThat(readAnswer(caller)).contains("alpha-" + request);
      }
    }
  }

  @Test
  void aRequestSentBeforeTheLastAnswerMayBeLostButNeverInSilence() throws Exception {
    // Given
    rig.first.always(new Answer(new Pacing(Duration.ofMillis(600), Duration.ZERO, Duration.ZERO)));
    try (Socket caller = connect()) {
      write(caller, request());
      await().until(() -> rig.first.ledger().received() == 1);
      // When
      write(caller, request());
      // Then
      String replies = new String(caller.getInputStream().readAllBytes(), ISO_8859_1);
      assertThat(replies).startsWith("HTTP/1.1 200").containsIgnoringCase("connection: close");
    }
  }

  @Test
  void aCallerWhoseConnectionIsResetCancelsTheCall() throws Exception {
    // Given
    rig.first.always(new Answer(new Pacing(Duration.ofSeconds(30), Duration.ZERO, Duration.ZERO)));
    try (Socket caller = connect()) {
      write(caller, request());
      await().until(() -> rig.first.ledger().received() == 1);
      // When
      caller.setSoLinger(true, 0);
    }
    // Then
    await().until(() -> rig.first.ledger().entries().getFirst().clientClosedEarly());
    assertThat(rig.second.ledger().received()).isZero();
  }

  private static String request() {
    return "POST /v1/chat/completions HTTP/1.1\r\nhost: gateway\r\ncontent-length: "
        + BODY.length()
        + "\r\n\r\n"
        + BODY;
  }

  /** One reply whose body's length is told. */
  private static String readAnswer(Socket caller) throws IOException {
    var text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      text.append((char) caller.getInputStream().read());
    }
    String head = text.toString().toLowerCase(Locale.ROOT);
    int from = head.indexOf("content-length: ") + "content-length: ".length();
    int length = Integer.parseInt(head.substring(from, head.indexOf("\r\n", from)));
    return text + new String(caller.getInputStream().readNBytes(length), ISO_8859_1);
  }

  private Socket connect() throws IOException {
    Socket caller = new Socket(InetAddress.getLoopbackAddress(), rig.gateway.port());
    caller.setSoTimeout(WAIT_MILLIS);
    return caller;
  }

  private static void write(Socket caller, String bytes) throws IOException {
    caller.getOutputStream().write(bytes.getBytes(ISO_8859_1));
    caller.getOutputStream().flush();
  }
}
