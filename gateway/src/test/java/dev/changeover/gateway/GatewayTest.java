package dev.changeover.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.contract.Attempts;
import dev.changeover.testkit.client.ChatCall;
import dev.changeover.testkit.client.ChatResult;
import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.client.ChatResult.HonestError;
import dev.changeover.testkit.provider.Answer;
import dev.changeover.testkit.provider.Dialect;
import dev.changeover.testkit.provider.ErrorKind;
import dev.changeover.testkit.provider.Fault;
import dev.changeover.testkit.provider.LedgerEntry;
import dev.changeover.testkit.provider.Pacing;
import dev.changeover.testkit.provider.VendorReplies;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A whole gateway over real HTTP. */
final class GatewayTest {
  private final Rig rig;

  GatewayTest() throws IOException {
    rig = new Rig();
  }

  @AfterEach
  void close() {
    rig.close();
  }

  static Stream<Arguments> callers() {
    return Stream.of(Dialect.values())
        .flatMap(dialect -> Stream.of(Arguments.of(dialect, false), Arguments.of(dialect, true)));
  }

  @ParameterizedTest
  @MethodSource("callers")
  void thePreferredTargetAnswers(Dialect dialect, boolean streaming) {
    // When
    ChatResult result = rig.ask(dialect, streaming);
    // Then
    assertThat(result).isInstanceOf(Complete.class);
    assertThat(((Complete) result).text()).contains("alpha").contains("#tag");
    assertThat(result.reply().header("x-changeover-provider")).contains("default/first");
    assertThat(result.reply().header("x-changeover-model")).contains("claude");
    assertThat(result.reply().header("x-changeover-route")).contains("default/assistant");
    assertThat(result.reply().header("x-changeover-attempts")).contains("1");
    assertThat(result.reply().header("x-changeover-reason")).isEmpty();
    assertThat(result.reply().header("x-request-id"))
        .isPresent()
        .isEqualTo(result.reply().header("request-id"));
    assertThat(rig.first.ledger().entries().getFirst().headers())
        .doesNotContainValue("caller-key")
        .containsEntry("accept-encoding", "identity");
  }

  @ParameterizedTest
  @MethodSource("callers")
  void aBanIsAnsweredByTheNextTargetAndHeld(Dialect dialect, boolean streaming) {
    // Given
    rig.first.ban(VendorReplies.anthropicOrganizationDisabled());
    // When
    ChatResult first = rig.ask(dialect, streaming);
    ChatResult second = rig.ask(dialect, streaming);
    // Then
    assertThat(List.of(first, second)).allSatisfy(this::isFromSecond);
    assertThat(first.reply().header("x-changeover-attempts")).contains("2");
    assertThat(second.reply().header("x-changeover-attempts")).contains("1");
    assertThat(second.reply().header("x-changeover-reason")).contains("AccountDisabled");
    assertThat(rig.first.ledger().received()).isEqualTo(1);
    assertThat(metrics())
        .contains(
            "llm_provider_available{provider=\"first\",provider_namespace=\"default\"} 0",
            "llm_provider_holds{credential=\"\",provider=\"first\",provider_namespace=\"default\","
                + "reason=\"AccountDisabled\"} 1",
            "llm_route_failed_over{route=\"assistant\",route_namespace=\"default\"} 1");
  }

  @Test
  void aBanIsCertainWhateverTheCallersHeadersAre() {
    // Given
    rig.first.ban(VendorReplies.anthropicOrganizationDisabled());
    // When
    isFromSecond(rig.client.send(withBeta()));
    // Then
    assertThat(rig.gateway.health().fleetHolds().entries()).isNotEmpty();
  }

  @Test
  void aRefusedRightIsDoubtfulWhereTheCallerChoseABeta() {
    // Given
    rig.first.ban(VendorReplies.anthropicForbidden());
    // When
    isFromSecond(rig.client.send(withBeta()));
    // Then
    assertThat(rig.gateway.health().fleetHolds().entries()).isEmpty();
    assertThat(rig.gateway.health().ownHolds().entries()).isNotEmpty();
  }

  private static ChatCall withBeta() {
    return ChatCall.of(Dialect.ANTHROPIC, "assistant", "#tag", false)
        .with("anthropic-beta", "context-1m-2025-08-07");
  }

  @Test
  void requestsInFlightSurviveABan() {
    // Given
    rig.first.always(new Answer(new Pacing(Duration.ofMillis(300), Duration.ZERO, Duration.ZERO)));
    List<CompletableFuture<ChatResult>> inFlight =
        IntStream.range(0, 20)
            .mapToObj(number ->
                CompletableFuture.supplyAsync(() ->
                    rig.ask(number % 2 == 0 ? Dialect.OPENAI : Dialect.ANTHROPIC, number % 4 < 2)))
            .toList();
    await().until(() -> rig.first.ledger().received() > 0);
    // When
    rig.first.ban(VendorReplies.anthropicOrganizationDisabled());
    // Then
    assertThat(inFlight)
        .allSatisfy(result -> assertThat(result.join()).isInstanceOf(Complete.class));
  }

  @ParameterizedTest
  @MethodSource("callers")
  void anErrorEventFirstInA200FailsOver(Dialect dialect, boolean streaming) {
    rig.first.always(new Fault.ErrorEventFirst(ErrorKind.OVERLOADED));
    isFromSecond(rig.ask(dialect, streaming));
  }

  @ParameterizedTest
  @MethodSource("callers")
  void whatHangsIsLeftForTheNext(Dialect dialect, boolean streaming) {
    rig.first.always(new Fault.NoAnswerBeforeHeaders());
    isFromSecond(rig.ask(dialect, streaming));
  }

  @Test
  void aKeptConnectionThatWasClosedIsTriedOnceMoreAndHeldAgainstNobody() {
    // Given
    rig.first.script(call -> call.number() == 2 ? new Fault.ResetBeforeHeaders() : Answer.atOnce());
    rig.ask(Dialect.ANTHROPIC, false);
    // When
    ChatResult result = rig.ask(Dialect.ANTHROPIC, false);
    // Then
    assertThat(((Complete) result).text()).contains("alpha");
    assertThat(result.reply().header("x-changeover-attempts")).contains("2");
    assertThat(rig.gateway.health().available(Rig.FIRST)).isTrue();
    assertThat(rig.gateway.health().ownHolds().entries()).isEmpty();
    await()
        .untilAsserted(() ->
            assertThat(metrics())
                .containsPattern("llm_requests_declined_total\\{.*reason=\"Unreachable\".*} 1")
                .doesNotContainPattern("llm_requests_failed_total\\{.*reason=\"Unreachable\"")
                .doesNotContain("llm_failover_delay_seconds_count"));
  }

  @ParameterizedTest
  @MethodSource("callers")
  void aBodyOfManyMegabytesIsReplayed(Dialect dialect, boolean streaming) {
    // Given
    rig.first.ban(VendorReplies.anthropicOrganizationDisabled());
    ChatCall call = ChatCall.of(dialect, "assistant", "#tag", streaming);
    String long8 = call.body().replace("Please say", "x".repeat(8 << 20) + " Please say");
    // When
    ChatResult result = rig.client.send(call.withBody(long8));
    // Then
    isFromSecond(result);
  }

  @ParameterizedTest
  @MethodSource("callers")
  void aCutAfterContentIsToldHonestly(Dialect dialect, boolean streaming) {
    // Given
    rig.first.always(new Fault.CutAfterHalf());
    // When
    ChatResult result = rig.ask(dialect, streaming);
    // Then
    if (streaming) {
      assertThat(result)
          .isInstanceOfSatisfying(
              HonestError.class,
              error -> {
                assertThat(error.inStream()).isTrue();
                assertThat(error.textBefore()).contains("alpha");
              });
      assertThat(metrics()).contains("llm_streams_broken_total{");
    } else {
      isFromSecond(result);
    }
  }

  @ParameterizedTest
  @MethodSource("callers")
  void exhaustionNamesTargetsAndReasons(Dialect dialect, boolean streaming) {
    // Given
    rig.first.ban(VendorReplies.anthropicOrganizationDisabled());
    rig.second.ban(VendorReplies.openAiAccountDeactivated());
    // When
    ChatResult result = rig.ask(dialect, streaming);
    // Then
    assertThat(result)
        .isInstanceOfSatisfying(
            HonestError.class,
            error -> {
              assertThat(error.message())
                  .contains("default/assistant", "first/claude", "second/gpt", "AccountDisabled");
              assertThat(error.reply().status()).isEqualTo(dialect == Dialect.OPENAI ? 503 : 529);
              assertThat(error.reply().header("x-should-retry")).contains("false");
              assertThat(error.reply().header("x-changeover-provider")).contains("default/second");
              assertThat(error.reply().header("x-changeover-reason")).contains("AccountDisabled");
            });
    // When
    ChatResult again = rig.ask(dialect, streaming);
    // Then
    assertThat(again.reply().header("x-changeover-attempts")).contains("0");
    assertThat(again.reply().header("x-changeover-provider")).contains("default/first");
    assertThat(again.reply().header("x-changeover-model")).contains("claude");
    assertThat(again.reply().header("x-changeover-reason")).contains("AccountDisabled");
  }

  @Test
  void onlyRateLimitsAreToldAsARateLimitWithItsWait() {
    // Given
    rig.first.ban(VendorReplies.anthropicRateLimited(Duration.ofSeconds(7)));
    rig.second.ban(VendorReplies.openAiRateLimited(Duration.ofSeconds(9)));
    // When
    ChatResult result = rig.ask(Dialect.OPENAI, false);
    // Then
    assertThat(result.reply().status()).isEqualTo(429);
    assertThat(result.reply().header("x-should-retry")).contains("true");
    assertThat(result.reply().header("retry-after")).contains("7");
    assertThat(result.reply().header("retry-after-ms")).isPresent();
  }

  @ParameterizedTest
  @MethodSource("callers")
  void theDeadlineEndsTheWait(Dialect dialect, boolean streaming) {
    // Given
    rig.configure(new Attempts(4, Duration.ofMillis(400), Duration.ZERO));
    rig.first.always(new Fault.NoAnswerBeforeHeaders());
    // When
    ChatResult result = rig.ask(dialect, streaming);
    // Then
    assertThat(result).isInstanceOf(HonestError.class);
    assertThat(result.reply().status()).isEqualTo(504);
    assertThat(Duration.ofNanos(result.reply().nanos())).isLessThan(Duration.ofMillis(1400));
  }

  @Test
  void aCallerInAHurryHarmsNoProvider() {
    // Given
    rig.first.always(new Fault.NoAnswerBeforeHeaders());
    // When
    ChatResult result =
        rig.client.send(
            ChatCall.of(Dialect.OPENAI, "assistant", "#tag", false)
                .with("x-stainless-timeout", "0.1"));
    // Then
    assertThat(result.reply().status()).isEqualTo(504);
    assertThat(rig.gateway.health().available(Rig.FIRST)).isTrue();
    assertThat(rig.gateway.health().ownHolds().entries()).isEmpty();
  }

  @Test
  void failoverCanBeDeclined() {
    // Given
    rig.first.always(VendorReplies.anthropicServerError());
    // When
    ChatResult result =
        rig.client.send(
            ChatCall.of(Dialect.ANTHROPIC, "assistant", "#tag", false)
                .with("x-changeover-failover", "off"));
    // Then
    assertThat(result).isInstanceOf(HonestError.class);
    assertThat(rig.second.ledger().received()).isZero();
  }

  @ParameterizedTest
  @MethodSource("callers")
  void aCallerThatLeavesBeforeAnAnswerCancelsTheCall(Dialect dialect, boolean streaming)
      throws Exception {
    // Given
    rig.configure(new Attempts(1, Duration.ofSeconds(30), Duration.ZERO));
    rig.first.always(new Fault.NoAnswerBeforeHeaders());
    try (var impatient =
        new dev.changeover.testkit.client.ChatClient(
            rig.origin(), "", Duration.ofMillis(150), System::nanoTime)) {
      // When
      impatient.send(ChatCall.of(dialect, "assistant", "#tag", streaming));
    }
    // Then
    await()
        .atMost(Duration.ofSeconds(3))
        .until(
            () -> rig.first.ledger().entries().stream().allMatch(LedgerEntry::clientClosedEarly));
    await()
        .untilAsserted(
            () -> assertThat(metrics()).contains("code=\"499\"", "reason=\"ClientCancelled\""));
  }

  @Test
  void aCallerThatLeavesAStreamCancelsTheCall() {
    // Given
    rig.first.always(new Answer(new Pacing(Duration.ZERO, Duration.ZERO, Duration.ofMillis(200))));
    // When
    rig.client.send(ChatCall.of(Dialect.ANTHROPIC, "assistant", "#tag", true).leavingAfter(700));
    // Then
    await()
        .atMost(Duration.ofSeconds(3))
        .until(() -> rig.first.ledger().entries().getFirst().clientClosedEarly());
    assertThat(rig.gateway.health().available(Rig.FIRST)).isTrue();
  }

  @Test
  void generateNeedsNoModelWhereOneRouteIsThere() throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      // When
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(URI.create(rig.origin() + "/v1/generate"))
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          "{\"prompt\":\"Say something. #tag\",\"max_tokens\":50,"
                              + "\"temperature\":0.5,\"metadata\":{\"team\":\"ml\"}}"))
                  .build(),
              BodyHandlers.ofString());
      // Then
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body())
          .contains("\"content\":", "alpha", "\"provider\":\"first\"", "\"model\":")
          .contains("\"tokens_used\":", "\"latency_ms\":");
    }
  }

  @Test
  void modelsAreListedInTheCallersShape() throws Exception {
    HttpResponse<String> openAi = get(rig.origin() + "/v1/models");
    HttpResponse<String> one = get(rig.origin() + "/ns/default/v1/models/assistant");
    HttpResponse<String> encoded = get(rig.origin() + "/v1/models/assist%61nt");
    HttpResponse<String> none = get(rig.origin() + "/ns/other/v1/models/assistant");
    HttpResponse<String> anthropic = get(rig.origin() + "/v1/models", "anthropic-version");
    assertThat(openAi.body()).contains("\"object\":\"list\"", "\"id\":\"assistant\"");
    assertThat(anthropic.body()).contains("\"has_more\":false", "\"type\":\"model\"");
    assertThat(one.statusCode()).isEqualTo(200);
    assertThat(encoded.body()).isEqualTo(one.body());
    assertThat(none.statusCode()).isEqualTo(404);
    assertThat(none.body()).contains("model_not_found");
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of("POST", "/v1/chat/completions", "{", 400),
        Arguments.of("POST", "/v1/chat/completions", "", 400),
        Arguments.of("POST", "/v1/chat/completions", "[]", 400),
        Arguments.of("POST", "/v1/chat/completions", "{\"model\":\"assistant\"}", 400),
        Arguments.of("POST", "/v1/messages", "[".repeat(10_000), 400),
        Arguments.of(
            "POST",
            "/v1/messages",
            "{\"model\":\"nobody\",\"max_tokens\":5,\"messages\":[{\"role\":\"user\","
                + "\"content\":\"x\"}]}",
            404),
        Arguments.of("POST", "/v1/generate", "{\"prompt\":7}", 400),
        Arguments.of("POST", "/v1/nothing", "{}", 404),
        Arguments.of("POST", "/", "{}", 404),
        Arguments.of("POST", "/ns/", "{}", 404),
        Arguments.of("PUT", "/v1/messages", "{}", 405),
        Arguments.of("DELETE", "/v1/chat/completions", "", 405),
        Arguments.of("FETCH", "/v1/chat/completions", "", 405),
        Arguments.of("POST", "/v1/models", "{}", 405),
        Arguments.of("POST", "/v1/%2e%2e/messages", "{}", 400),
        Arguments.of("POST", "/v1/messages?" + "q".repeat(20_000), "{}", 431));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aCallersMistakeIsA4xxInItsDialect(String method, String path, String body, int status)
      throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      // When
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(URI.create(rig.origin() + path))
                  .timeout(Duration.ofSeconds(10))
                  .method(method, HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              BodyHandlers.ofString());
      // Then
      assertThat(response.statusCode()).isBetween(400, 499);
      assertThat(response.body()).contains("\"error\"", "\"message\"");
      assertThat(response.statusCode()).isIn(status, status == 431 ? 414 : status);
      assertThat(response.headers().firstValue("x-should-retry")).contains("false");
    }
  }

  @Test
  void aBodyBeyondTheBoundIsRefused() throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(URI.create(rig.origin() + "/v1/messages"))
                  .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[(32 << 20) + 1]))
                  .expectContinue(true)
                  .build(),
              BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(413);
      assertThat(response.body()).contains("request_too_large");
    }
  }

  @Test
  void metricsStandFromTheStartAndCountAttemptsAndRequests() {
    // Given
    assertThat(metrics())
        .contains(
            "llm_requests_total{model=\"claude\",provider=\"first\",provider_namespace=\"default\","
                + "route=\"assistant\",route_namespace=\"default\"} 0",
            "llm_requests_failed_total{model=\"gpt\",provider=\"second\"");
    // When
    rig.ask(Dialect.OPENAI, true);
    // Then
    await()
        .untilAsserted(() ->
            assertThat(metrics())
                .contains(
                    "llm_requests_total{model=\"claude\",provider=\"first\","
                        + "provider_namespace=\"default\",route=\"assistant\","
                        + "route_namespace=\"default\"} 1",
                    "llm_gateway_requests_total{code=\"200\",dialect=\"openai\",fault=\"none\"",
                    "llm_request_duration_seconds_bucket{model=\"claude\"",
                    "llm_time_to_first_token_seconds_count{",
                    "llm_gateway_time_to_first_token_seconds_count{",
                    "llm_gateway_request_duration_seconds_count{",
                    "llm_gateway_overhead_seconds_count{dialect=\"openai\"} 1",
                    "llm_tokens_total{",
                    "llm_requests_in_flight 0",
                    "llm_gateway_shed_total{cause=\"in_flight\"} 0",
                    "llm_route_targets_available{route=\"assistant\","
                        + "route_namespace=\"default\"} 2",
                    "changeover_build_info{component=\"gateway\",version=\"test\"} 1",
                    "changeover_config_confirmed_timestamp_seconds "));
  }

  @Test
  void drainingIsFirstUnreadyThenClosedAndStreamsEndWell() throws Exception {
    // Given
    rig.first.always(new Answer(new Pacing(Duration.ZERO, Duration.ZERO, Duration.ofMillis(100))));
    assertThat(get(rig.sideOrigin() + "/readyz").statusCode()).isEqualTo(200);
    CompletableFuture<ChatResult> stream =
        CompletableFuture.supplyAsync(() -> rig.ask(Dialect.ANTHROPIC, true));
    await().until(() -> rig.first.ledger().received() == 1);
    // When
    CompletableFuture<Void> drained = CompletableFuture.runAsync(rig.gateway::drain);
    await().until(() -> !rig.gateway.ready());
    // Then
    assertThat(get(rig.sideOrigin() + "/readyz").statusCode()).isEqualTo(503);
    assertThat(stream.join()).isInstanceOf(Complete.class);
    drained.join();
  }

  private void isFromSecond(ChatResult result) {
    assertThat(result).isInstanceOf(Complete.class);
    assertThat(((Complete) result).text()).contains("beta").doesNotContain("alpha");
    assertThat(result.reply().header("x-changeover-provider")).contains("default/second");
    assertThat(result.reply().header("x-changeover-reason")).isPresent();
  }

  private String metrics() {
    return rig.gateway.metricsText();
  }

  private static HttpResponse<String> get(String url, String... headers) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
      for (String header : headers) {
        request.header(header, "2023-06-01");
      }
      return http.send(request.build(), BodyHandlers.ofString());
    }
  }
}
