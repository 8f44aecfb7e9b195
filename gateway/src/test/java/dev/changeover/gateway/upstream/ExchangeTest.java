package dev.changeover.gateway.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.contract.ApiKey;
import dev.changeover.contract.HealthPolicy;
import dev.changeover.contract.Mode;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.ProviderConfig;
import dev.changeover.contract.ProviderType;
import dev.changeover.contract.Timeouts;
import dev.changeover.gateway.classify.Phase;
import dev.changeover.gateway.classify.TransportFault;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the network does, as values. */
final class ExchangeTest {
  private static final Timeouts SHORT =
      new Timeouts(
          Duration.ofSeconds(5), // a cold start of TLS on a busy machine takes long
          Duration.ofMillis(300),
          Duration.ofMillis(200),
          Duration.ofMillis(400),
          Duration.ofSeconds(5));

  private final Upstream upstream = new Upstream(System::nanoTime);

  @AfterEach
  void close() {
    upstream.close();
  }

  @Test
  void aReplyComesWithStatusHeadersAndBody() throws Exception {
    try (var origin =
        RawOrigin.answering("HTTP/1.1 200 OK\r\nx-id: 7\r\ncontent-length: 5\r\n\r\nhello")) {
      try (Exchange exchange = upstream.start(call(origin, false), SHORT, OptionalLong.empty())) {
        assertThat(exchange.head())
            .isInstanceOfSatisfying(
                Head.Begun.class,
                head -> {
                  assertThat(head.status()).isEqualTo(200);
                  assertThat(head.headers().first("X-Id")).contains("7");
                });
        assertThat(text(exchange.whole(100))).isEqualTo("hello");
      }
    }
  }

  @Test
  void theRequestCarriesOneKeyAndNothingThatItShouldNot() throws Exception {
    try (var origin = RawOrigin.answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")) {
      try (Exchange exchange = upstream.start(call(origin, false), SHORT, OptionalLong.empty())) {
        assertThat(exchange.head()).isInstanceOf(Head.Begun.class);
        assertThat(exchange.whole(10)).isInstanceOf(WholeBody.Read.class);
      }
      String request = origin.requests().getFirst();
      assertThat(request)
          .startsWith("POST /v1/chat/completions HTTP/1.1\r\n")
          .containsIgnoringCase("authorization: Bearer sk-canary\r\n")
          .containsIgnoringCase("openai-beta: some\r\n")
          .containsIgnoringCase("x-team: ml\r\n")
          .containsIgnoringCase("content-type: application/json\r\n")
          .endsWith("\r\n\r\n{}");
      assertThat(request.split("(?i)authorization:", -1)).hasSize(2);
      assertThat(request.toLowerCase(java.util.Locale.ROOT)).doesNotContain("cookie", "jetty");
    }
  }

  @Test
  void aBodyLongerThanItsBoundIsNotReadOn() throws Exception {
    try (var origin = RawOrigin.answering("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello")) {
      try (Exchange exchange = upstream.start(call(origin, false), SHORT, OptionalLong.empty())) {
        assertThat(exchange.head()).isInstanceOf(Head.Begun.class);
        assertThat(exchange.whole(3))
            .isInstanceOfSatisfying(
                WholeBody.TooLong.class, cut -> assertThat(cut.start()).hasSize(3));
      }
    }
  }

  @Test
  void aClosedPortRefuses() throws Exception {
    URI closed;
    try (var origin = RawOrigin.answering("")) {
      closed = origin.uri();
    }
    try (Exchange exchange = upstream.start(call(closed, false), SHORT, OptionalLong.empty())) {
      assertThat(exchange.head()).isEqualTo(fault(TransportFault.CONNECTION_REFUSED, false));
    }
  }

  @Test
  void aNameThatDoesNotExistIsSaidSo() {
    URI nowhere = URI.create("http://nowhere.invalid:1/v1");
    try (Exchange exchange =
        upstream.start(call(nowhere, false), Timeouts.DEFAULT, OptionalLong.empty())) {
      assertThat(exchange.head()).isEqualTo(fault(TransportFault.NAME_NOT_RESOLVED, false));
    }
  }

  @Test
  void speakingTlsToAPlainPortFails() throws Exception {
    try (var origin = RawOrigin.greeting("220 mail\r\n")) {
      URI https = URI.create(origin.uri().toString().replace("http:", "https:"));
      try (Exchange exchange = upstream.start(call(https, false), SHORT, OptionalLong.empty())) {
        assertThat(exchange.head()).isEqualTo(fault(TransportFault.TLS_FAILED, false));
      }
    }
  }

  @Test
  void aCloseBeforeTheReplyIsTold() throws Exception {
    try (var origin = RawOrigin.answering("")) {
      try (Exchange exchange = upstream.start(call(origin, false), SHORT, OptionalLong.empty())) {
        assertThat(exchange.head()).isEqualTo(fault(TransportFault.CLOSED_BEFORE_REPLY, false));
      }
    }
  }

  @Test
  void aCloseOfAReusedConnectionIsToldApart() throws Exception {
    try (var origin = RawOrigin.answering("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok", "")) {
      try (Exchange first = upstream.start(call(origin, false), SHORT, OptionalLong.empty())) {
        assertThat(first.head()).isInstanceOf(Head.Begun.class);
        assertThat(first.whole(10)).isInstanceOf(WholeBody.Read.class);
      }
      try (Exchange second = upstream.start(call(origin, false), SHORT, OptionalLong.empty())) {
        assertThat(second.head()).isEqualTo(fault(TransportFault.CLOSED_BEFORE_REPLY, true));
      }
      assertThat(origin.requests()).hasSize(2);
    }
  }

  @Test
  void bytesThatAreNoHttpAreSaidSo() throws Exception {
    try (var origin = RawOrigin.answering("SSH-2.0-OpenSSH\r\n\r\n")) {
      try (Exchange exchange = upstream.start(call(origin, false), SHORT, OptionalLong.empty())) {
        assertThat(exchange.head()).isEqualTo(fault(TransportFault.NO_HTTP, false));
      }
    }
  }

  @Test
  void aShortAnswerIsCut() throws Exception {
    try (var origin = RawOrigin.answering("HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhello")) {
      try (Exchange exchange = upstream.start(call(origin, false), SHORT, OptionalLong.empty())) {
        assertThat(exchange.head()).isInstanceOf(Head.Begun.class);
        assertThat(exchange.whole(100))
            .isInstanceOfSatisfying(
                WholeBody.Cut.class,
                cut -> {
                  assertThat(cut.lost())
                      .isEqualTo(new Lost.Fault(TransportFault.ANSWER_CUT, false));
                  assertThat(new String(cut.start(), UTF_8)).isEqualTo("hello");
                });
      }
    }
  }

  @Test
  void aStreamThatBreaksIsCut() throws Exception {
    try (var origin =
        RawOrigin.answering(
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n")) {
      try (Exchange exchange = upstream.start(call(origin, true), SHORT, OptionalLong.empty())) {
        assertThat(exchange.head()).isInstanceOf(Head.Begun.class);
        Wait wait = exchange.timing().next(System.nanoTime(), 0);
        assertThat(exchange.next(wait))
            .isInstanceOfSatisfying(
                Piece.Bytes.class, piece -> assertThat(piece.bytes()).hasSize(5));
        assertThat(exchange.next(wait))
            .isEqualTo(new Piece.Cut(new Lost.Fault(TransportFault.STREAM_CUT, false)));
      }
    }
  }

  @Test
  void aWaitEndsAlsoWhereThereIsAlwaysSomethingToRead() throws Exception {
    try (var origin =
        RawOrigin.answering(
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n%s0\r\n\r\n"
                .formatted("5\r\nhello\r\n5\r\nworld\r\n"))) {
      try (Exchange exchange = upstream.start(call(origin, true), SHORT, OptionalLong.empty())) {
        assertThat(exchange.head()).isInstanceOf(Head.Begun.class);
        Wait wait = exchange.timing().next(System.nanoTime(), 0);
        assertThat(exchange.next(wait)).isInstanceOf(Piece.Bytes.class);
        Wait over = Wait.until(System.nanoTime() - 1, Phase.FIRST_TOKEN);
        assertThat(exchange.next(over)).isEqualTo(new Piece.Cut(new Lost.Late(Phase.FIRST_TOKEN)));
      }
    }
  }

  @Test
  void aConfiguredHeaderWinsOverACallersAndListsOfBetasAreJoined() throws Exception {
    try (var origin = RawOrigin.answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")) {
      var provider =
          provider(
              ProviderType.ANTHROPIC,
              origin.uri(),
              Map.of("Anthropic-Version", "2025-01-01", "Anthropic-Beta", "ours, both"));
      var call =
          UpstreamCall.post(
              provider,
              Optional.empty(),
              "/v1/messages",
              "{}".getBytes(UTF_8),
              Map.of("anthropic-version", "2023-06-01", "anthropic-beta", "both,theirs"),
              false);
      try (Exchange exchange = upstream.start(call, SHORT, OptionalLong.empty())) {
        assertThat(exchange.head()).isInstanceOf(Head.Begun.class);
      }
      assertThat(origin.requests().getFirst())
          .containsIgnoringCase("anthropic-version: 2025-01-01\r\n")
          .containsIgnoringCase("anthropic-beta: ours,both,theirs\r\n")
          .doesNotContain("2023-06-01");
    }
  }

  @Test
  void eachWaitHasItsPhase() throws Exception {
    try (var origin = RawOrigin.hanging()) {
      try (Exchange exchange = upstream.start(call(origin, true), SHORT, OptionalLong.empty())) {
        assertThat(exchange.head()).isEqualTo(new Head.None(new Lost.Late(Phase.FIRST_TOKEN)));
      }
      try (Exchange exchange = upstream.start(call(origin, false), SHORT, OptionalLong.empty())) {
        assertThat(exchange.head()).isEqualTo(new Head.None(new Lost.Late(Phase.ANSWER)));
      }
    }
  }

  @Test
  void theCallersOwnDeadlineIsToldApart() throws Exception {
    try (var origin = RawOrigin.hanging()) {
      OptionalLong soon = OptionalLong.of(System.nanoTime() + 50_000_000);
      try (Exchange exchange = upstream.start(call(origin, false), SHORT, soon)) {
        assertThat(exchange.head()).isEqualTo(new Head.None(new Lost.OutOfTime()));
      }
    }
  }

  @Test
  void anAbortFromElsewhereEndsTheWaitAndTheConnection() throws Exception {
    try (var origin = RawOrigin.hanging()) {
      try (Exchange exchange =
          upstream.start(call(origin, false), Timeouts.DEFAULT, OptionalLong.empty())) {
        var aborter =
            Thread.ofVirtual()
                .start(() -> {
                  origin.awaitRequest();
                  exchange.abort();
                });
        assertThat(exchange.head()).isEqualTo(new Head.None(new Lost.Aborted()));
        aborter.join();
      }
      assertThat(origin.awaitClosed()).isTrue();
    }
  }

  private UpstreamCall call(RawOrigin origin, boolean streamed) {
    return call(origin.uri(), streamed);
  }

  private static UpstreamCall call(URI baseUrl, boolean streamed) {
    var provider =
        provider(
            ProviderType.OPENAI,
            baseUrl,
            Map.of("x-team", "ml", "Authorization", "never", "Cookie", "never"));
    return UpstreamCall.post(
        provider,
        Optional.of(new ApiKey("sk-canary")),
        "/chat/completions",
        "{}".getBytes(UTF_8),
        Map.of("openai-beta", "some"),
        streamed);
  }

  private static ProviderConfig provider(
      ProviderType type, URI baseUrl, Map<String, String> headers) {
    return new ProviderConfig(
        ObjectName.parse("test/provider"),
        type,
        baseUrl,
        "print",
        List.of(),
        new TreeMap<>(headers),
        Optional.empty(),
        List.of(),
        SHORT,
        HealthPolicy.DEFAULT,
        Mode.ACTIVE);
  }

  private static Head fault(TransportFault fault, boolean reused) {
    return new Head.None(new Lost.Fault(fault, reused));
  }

  private static String text(WholeBody body) {
    return body instanceof WholeBody.Read(byte[] bytes)
        ? new String(bytes, UTF_8)
        : body.toString();
  }
}
