package dev.changeover.testkit.provider;

import static dev.changeover.testkit.provider.RawClient.anthropic;
import static dev.changeover.testkit.provider.RawClient.chat;
import static dev.changeover.testkit.provider.RawClient.get;
import static dev.changeover.testkit.provider.RawClient.openAi;
import static dev.changeover.testkit.provider.RawClient.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.testkit.provider.LedgerEntry.End;
import dev.changeover.testkit.provider.RawClient.Heard;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The provider as a vendor: both dialects, keys, shapes, the ledger, bans. */
final class SimulatedProviderTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final AtomicLong nanos = new AtomicLong();
  private final SimulatedProvider provider =
      SimulatedProvider.start(
          ProviderSettings.of("alpha", nanos::incrementAndGet)
              .withKey("main", "key-a")
              .withKey("spare", "key-b")
              .withModels("small", "large")
              .withAnswerWords(8));

  @AfterEach
  void close() {
    provider.close();
  }

  @Test
  void anOpenAiAnswerHasItsShapeAndItsOwnWords() throws IOException {
    Heard heard = send(openAi(chat("small", false, "hello #req-7")));
    assertThat(heard.head()).startsWith("HTTP/1.1 200 ").contains("content-type: application/json");
    assertThat(heard.body())
        .contains(
            "\"object\":\"chat.completion\"", "\"finish_reason\":\"stop\"", "\"refusal\":null")
        .contains("\"content\":\"#req-7-alpha-1 ");
    assertThat(provider.ledger().entries())
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.complete()).isTrue();
          assertThat(entry.call())
              .isEqualTo(
                  new Call(1, Endpoint.CHAT, Dialect.OPENAI, "small", "main", "#req-7", false));
          assertThat(entry.body().text()).isEqualTo(chat("small", false, "hello #req-7"));
          assertThat(heard.body()).contains(entry.played().text());
          assertThat(entry.played().text().split(" ", -1)).hasSize(8);
          assertThat(entry.toString()).doesNotContain("key-a");
        });
  }

  @Test
  void anOpenAiStreamOpensWithTheRoleAndEndsWithDone() throws IOException {
    String body =
        chat("small", true, "hi")
            .replace(
                "\"stream\":true", "\"stream\":true,\"stream_options\":{\"include_usage\":true}");
    List<String> events = dataOf(send(openAi(body)));
    assertThat(events).hasSize(1 + 8 + 1 + 1 + 1);
    assertThat(events.getFirst()).contains("\"role\":\"assistant\"");
    assertThat(events.get(9)).contains("\"finish_reason\":\"stop\"");
    assertThat(events.get(10)).contains("\"choices\":[]", "\"completion_tokens\":8");
    assertThat(events.getLast()).isEqualTo("[DONE]");
  }

  @Test
  void anAnthropicStreamHasTheWholeGrammar() throws IOException {
    Heard heard = send(anthropic(chat("large", true, "hi")));
    assertThat(heard.text().lines().filter(line -> line.startsWith("event: ")).distinct())
        .containsExactly(
            "event: message_start",
            "event: content_block_start",
            "event: ping",
            "event: content_block_delta",
            "event: content_block_stop",
            "event: message_delta",
            "event: message_stop");
    assertThat(heard.text()).endsWith("0\r\n\r\n");
  }

  @Test
  void twoRequestsNeverGetTheSameWords() throws IOException {
    send(openAi(chat("small", false, "same")));
    send(anthropic(chat("small", false, "same")));
    assertThat(provider.ledger().entries())
        .extracting(entry -> entry.played().text())
        .doesNotHaveDuplicates()
        .allSatisfy(text -> assertThat(text).contains("-alpha-"));
  }

  @Test
  void fewTokensEndForLength() throws IOException {
    assertThat(send(openAi(chat("small", false, "hi").replace("100", "3"))).body())
        .contains("\"finish_reason\":\"length\"", "\"completion_tokens\":3");
    assertThat(send(anthropic(chat("small", false, "hi").replace("100", "3"))).body())
        .contains("\"stop_reason\":\"max_tokens\"");
  }

  @Test
  void aStopSequenceEndsTheAnswer() throws IOException {
    String stop =
        chat("small", false, "hi #t")
            .replace("\"stream\"", "\"stop_sequences\":[\" \"],\"stream\"");
    assertThat(send(anthropic(stop)).body())
        .contains(
            "\"text\":\"#t-alpha-1\"",
            "\"stop_reason\":\"stop_sequence\"",
            "\"stop_sequence\":\" \"");
  }

  @Test
  void aWrongOrMissingKeyIsRefusedInTheVendorsShape() throws IOException {
    assertThat(send(openAi(chat("small", false, "hi")).replace("key-a", "key-x")))
        .satisfies(heard -> assertThat(heard.head()).startsWith("HTTP/1.1 401 "))
        .satisfies(heard -> assertThat(heard.body()).contains("\"code\":\"invalid_api_key\""));
    assertThat(
            send(
                post(
                    "/v1/messages",
                    "anthropic-version: 2023-06-01\r\n",
                    chat("small", false, "hi"))))
        .satisfies(heard -> assertThat(heard.head()).startsWith("HTTP/1.1 401 "))
        .satisfies(heard -> assertThat(heard.body()).contains("authentication_error"));
    assertThat(provider.ledger().entries())
        .extracting(entry -> entry.call().keyName())
        .containsExactly(Call.UNKNOWN_KEY, Call.NO_KEY);
  }

  @Test
  void anIncompleteRequestIsRefusedInTheVendorsShape() throws IOException {
    assertThat(send(openAi("{\"model\":\"small\"}")).body())
        .contains("Missing required parameter: 'messages'");
    assertThat(send(openAi("{\"model\":")).body()).contains("could not parse the JSON body");
    assertThat(send(openAi("{\"model\":\"small\",\"model\":\"large\"}")).body())
        .contains("could not parse");
    assertThat(send(anthropic("{\"model\":\"small\",\"max_tokens\":5}")).body())
        .contains("messages: Field required");
    assertThat(
            send(anthropic(chat("small", false, "hi").replace("\"max_tokens\":100,", ""))).body())
        .contains("max_tokens: Field required");
    assertThat(send(anthropic(chat("small", false, "hi").replace("user", "system"))).body())
        .contains("Unexpected role");
    assertThat(provider.ledger().entries()).allMatch(entry -> entry.played().end() == End.REFUSED);
    assertThat(provider.ledger().entries()).allMatch(entry -> entry.played().status() == 400);
  }

  @Test
  void unknownModelsAndPathsAreNotFound() throws IOException {
    assertThat(send(openAi(chat("huge", false, "hi"))).body())
        .contains("\"code\":\"model_not_found\"");
    assertThat(send(anthropic(chat("huge", false, "hi"))).body()).contains("model: huge");
    assertThat(send(get("/v1/nothing", "")).head()).startsWith("HTTP/1.1 404 ");
  }

  @Test
  void modelsAndTokenCountsComeInBothShapes() throws IOException {
    String key = "authorization: Bearer key-b\r\n";
    String anthropicKey = "x-api-key: key-b\r\nanthropic-version: 2023-06-01\r\n";
    assertThat(send(get("/v1/models", key)).body())
        .contains("\"object\":\"list\"", "\"id\":\"large\"");
    assertThat(send(get("/v1/models", anthropicKey)).body())
        .contains("\"has_more\":false", "\"type\":\"model\"");
    assertThat(send(get("/v1/models/small", key)).body()).contains("\"id\":\"small\"");
    assertThat(
            send(post("/v1/messages/count_tokens", anthropicKey, chat("small", false, "hi")))
                .body())
        .contains("\"input_tokens\":");
    assertThat(provider.ledger().entries()).allMatch(LedgerEntry::complete);
  }

  @Test
  void aConnectionIsKeptForMoreRequests() throws IOException {
    String request = openAi(chat("small", false, "hi"));
    Heard heard = send(request.replace("connection: close\r\n", "") + request);
    assertThat(heard.text().split("HTTP/1.1 200", -1)).hasSize(3);
  }

  @Test
  void chunkedRequestBodiesAreRead() throws IOException {
    String body = chat("small", false, "hi #c");
    String request =
        "POST /v1/chat/completions HTTP/1.1\r\nauthorization: Bearer key-a\r\nconnection: close\r\n"
            + "transfer-encoding: chunked\r\n\r\n"
            + Integer.toHexString(10)
            + "\r\n"
            + body.substring(0, 10)
            + "\r\n"
            + Integer.toHexString(body.length() - 10)
            + "\r\n"
            + body.substring(10)
            + "\r\n0\r\n\r\n";
    assertThat(send(request).body()).contains("#c-alpha-1");
  }

  @Test
  void malformedAndOversizedRequestsEndTheConnection() throws IOException {
    assertThat(send("GARBAGE\r\n\r\n").head()).startsWith("HTTP/1.1 400 ");
    assertThat(send("GET /v1/models HTTP/1.1\n\n").head()).startsWith("HTTP/1.1 400 ");
    String long1 = "x: " + "y".repeat(RequestReader.LINE_BYTES_MAX) + "\r\n";
    assertThat(send(get("/v1/models", long1)).head()).startsWith("HTTP/1.1 431 ");
    assertThat(send(get("/v1/models", "x: y\r\n".repeat(1) + manyHeaders())).head())
        .startsWith("HTTP/1.1 431 ");
    assertThat(send("POST /v1/messages HTTP/1.1\r\ncontent-length: 99999999\r\n\r\n").head())
        .startsWith("HTTP/1.1 413 ");
    assertThat(
            send("POST /v1/messages HTTP/1.1\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n")
                .head())
        .startsWith("HTTP/1.1 400 ");
    assertThat(provider.ledger().received()).isZero();
  }

  @Test
  void theScriptSeesTheCallAndChangesAtRunTime() throws IOException {
    provider.script(call ->
        call.keyName().equals("spare") ? VendorReplies.openAiInsufficientQuota() : Answer.atOnce());
    assertThat(send(openAi(chat("small", false, "hi"))).head()).startsWith("HTTP/1.1 200 ");
    assertThat(send(openAi(chat("small", false, "hi")).replace("key-a", "key-b")).body())
        .contains("insufficient_quota");
    provider.always(Answer.atOnce());
    assertThat(send(openAi(chat("small", false, "hi")).replace("key-a", "key-b")).head())
        .startsWith("HTTP/1.1 200 ");
  }

  @Test
  void aBanReachesRequestsThatWaitForTheirFirstByte() throws Exception {
    provider.script(call -> new Answer(new Pacing(LONG, Duration.ZERO, Duration.ZERO)));
    List<Heard> heard =
        meanwhile(
            10,
            () -> send(anthropic(chat("small", true, "hi"))),
            () -> {
              await().until(() -> provider.ledger().entries().size() == 10);
              provider.ban(VendorReplies.anthropicOrganizationDisabled());
            });
    assertThat(heard)
        .hasSize(10)
        .allSatisfy(reply -> {
          assertThat(reply.head()).startsWith("HTTP/1.1 400 ").contains("x-should-retry: false");
          assertThat(reply.body()).contains("This organization has been disabled.");
        });
    provider.always(Answer.atOnce());
    assertThat(send(anthropic(chat("small", false, "hi"))).head()).startsWith("HTTP/1.1 400 ");
    provider.unban();
    assertThat(send(anthropic(chat("small", false, "hi"))).head()).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void aClientThatLeavesIsNoticed() throws IOException {
    provider.always(new Answer(new Pacing(Duration.ZERO, Duration.ZERO, LONG)));
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), provider.port())) {
      socket
          .getOutputStream()
          .write(openAi(chat("small", true, "hi")).getBytes(StandardCharsets.UTF_8));
      assertThat(socket.getInputStream().read()).isEqualTo('H');
    }
    await().until(() -> provider.ledger().entries().getFirst().clientClosedEarly());
  }

  @Test
  void closingEndsEveryWait() throws Exception {
    provider.always(new Fault.NoAnswerBeforeHeaders());
    List<Heard> heard =
        meanwhile(
            3,
            () -> send(openAi(chat("small", false, "hi"))),
            () -> {
              await().until(() -> provider.ledger().entries().size() == 3);
              provider.close();
            });
    assertThat(heard).allSatisfy(reply -> assertThat(reply.text()).isEmpty());
    assertThat(provider.ledger().entries())
        .allMatch(entry -> entry.played().end() == End.PROVIDER_CLOSED);
  }

  @Test
  void oneConnectionTooManyIsClosedAtOnce() throws IOException {
    try (var small =
            SimulatedProvider.start(ProviderSettings.of("small", nanos::incrementAndGet), 1);
        var first = new Socket(InetAddress.getLoopbackAddress(), small.port())) {
      first.getOutputStream().write(openAi(chat("m", false, "hi")).charAt(0));
      assertThat(RawClient.send(small.port(), openAi(chat("m", false, "hi"))).text()).isEmpty();
    }
  }

  @Test
  void theEldestEntriesMakeRoom() {
    var ledger = new Ledger();
    LedgerEntry.Played played =
        new LedgerEntry.Played(Answer.atOnce(), 200, "text", End.ANSWERED, 1);
    for (int i = 0; i <= Ledger.ENTRIES_MAX; i++) {
      var call =
          new Call(ledger.nextNumber(), Endpoint.CHAT, Dialect.OPENAI, "m", "main", "", false);
      ledger.add(new LedgerEntry(call, "POST", "/v1/messages", Map.of(), Body.EMPTY, 1, played));
    }
    assertThat(ledger.entry(1)).isEmpty();
    assertThat(ledger.entry(2)).isPresent();
    assertThat(ledger.received()).isEqualTo(Ledger.ENTRIES_MAX + 1);
  }

  private Heard send(String request) throws IOException {
    return RawClient.send(provider.port(), request);
  }

  private static String manyHeaders() {
    var headers = new StringBuilder();
    for (int i = 0; i < RequestReader.HEADERS_MAX; i++) {
      headers.append("h").append(i).append(": x\r\n");
    }
    return headers.toString();
  }

  private static List<String> dataOf(Heard heard) {
    return heard
        .text()
        .lines()
        .filter(line -> line.startsWith("data: "))
        .map(line -> line.substring("data: ".length()))
        .toList();
  }

  private static <T> List<T> meanwhile(int times, Callable<T> call, Runnable then)
      throws ExecutionException, InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> pending = new ArrayList<>();
      for (int i = 0; i < times; i++) {
        pending.add(threads.submit(call));
      }
      then.run();
      List<T> results = new ArrayList<>();
      for (Future<T> future : pending) {
        results.add(future.get());
      }
      return results;
    }
  }
}
