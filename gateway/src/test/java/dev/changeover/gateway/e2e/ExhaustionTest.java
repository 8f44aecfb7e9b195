package dev.changeover.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.changeover.contract.Attempts;
import dev.changeover.testkit.client.ChatResult;
import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.client.ChatResult.HonestError;
import dev.changeover.testkit.provider.Answer;
import dev.changeover.testkit.provider.Dialect;
import dev.changeover.testkit.provider.Fault;
import dev.changeover.testkit.provider.SimulatedProvider;
import dev.changeover.testkit.provider.VendorReplies;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What callers are told when nobody answers, and when asking again makes sense. */
final class ExhaustionTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MODEL = "assistant";

  private final Scene scene = new Scene();
  private final SimulatedProvider first = scene.provider("first", Dialect.ANTHROPIC);
  private final SimulatedProvider second = scene.provider("second", Dialect.OPENAI);

  @AfterEach
  void close() {
    scene.close();
  }

  static Stream<Arguments> callers() {
    return Stream.of(Dialect.values())
        .flatMap(dialect -> Stream.of(Arguments.of(dialect, false), Arguments.of(dialect, true)));
  }

  @ParameterizedTest
  @MethodSource("callers")
  void withEveryTargetBannedNobodyShouldAskAgain(Dialect dialect, boolean streaming) {
    // Given
    route(Scene.ATTEMPTS);
    ban();
    // When
    ChatResult result = scene.ask(dialect, MODEL, streaming);
    // Then
    HonestError error = unavailable(dialect, result);
    assertThat(error.message())
        .contains(
            "default/assistant",
            "first/model-of-first: AccountDisabled",
            "second/model-of-second: AccountDisabled");
    assertThat(error.reply().headers())
        .containsEntry("x-should-retry", "false")
        .containsEntry("x-changeover-attempts", "2")
        .containsEntry("x-changeover-route", "default/assistant")
        .doesNotContainKeys("retry-after", "retry-after-ms");
    assertThat(error.reply().header("request-id")).isEqualTo(error.reply().header("x-request-id"));
  }

  @ParameterizedTest
  @MethodSource("callers")
  void whoIsHeldForCertainIsNotAskedAgain(Dialect dialect, boolean streaming) {
    // Given
    route(Scene.ATTEMPTS);
    ban();
    scene.ask(dialect, MODEL, streaming);
    // When
    ChatResult result = scene.ask(dialect, MODEL, streaming);
    // Then
    unavailable(dialect, result);
    assertThat(result.reply().header("x-changeover-attempts")).contains("0");
    assertThat(first.ledger().received()).isEqualTo(1);
    assertThat(second.ledger().received()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("callers")
  void softHoldsAreWorthAWait(Dialect dialect, boolean streaming) {
    // Given
    route(Scene.ATTEMPTS);
    first.always(VendorReplies.anthropicOverloaded());
    second.always(VendorReplies.openAiOverloaded());
    // When
    ChatResult result = scene.ask(dialect, MODEL, streaming);
    // Then
    unavailable(dialect, result);
    assertThat(result.reply().headers()).containsEntry("x-should-retry", "true");
    assertThat(Integer.parseInt(result.reply().header("retry-after").orElseThrow()))
        .isBetween(20, 34);
    assertThat(Long.parseLong(result.reply().header("retry-after-ms").orElseThrow()))
        .isBetween(20_000L, 34_000L);
  }

  @ParameterizedTest
  @MethodSource("callers")
  void onlyRateLimitsAreARateLimit(Dialect dialect, boolean streaming) {
    // Given
    route(Scene.ATTEMPTS);
    first.always(VendorReplies.anthropicRateLimited(Duration.ofSeconds(40)));
    second.always(VendorReplies.openAiRateLimited(Duration.ofSeconds(9)));
    // When
    ChatResult result = scene.ask(dialect, MODEL, streaming);
    // Then
    HonestError error = honest(result);
    assertThat(error.reply().status()).isEqualTo(429);
    switch (dialect) {
      case OPENAI -> {
        assertThat(error.code()).isEqualTo("rate_limit_exceeded");
        assertThat(error.type()).isEqualTo("requests");
      }
      case ANTHROPIC -> assertThat(error.type()).isEqualTo("rate_limit_error");
    }
    assertThat(error.reply().headers()).containsEntry("x-should-retry", "true");
    assertThat(Integer.parseInt(error.reply().header("retry-after").orElseThrow()))
        .isBetween(8, 9); // whoever is back first
  }

  @Test
  void aRateLimitBeyondAMinuteIsNotWorthAClientsWait() {
    // Given
    route(Scene.ATTEMPTS);
    first.always(VendorReplies.anthropicRateLimited(Duration.ofMinutes(2)));
    second.always(VendorReplies.openAiRateLimited(Duration.ofMinutes(3)));
    // When
    ChatResult result = scene.ask(Dialect.OPENAI, MODEL, false);
    // Then
    assertThat(result.reply().status()).isEqualTo(429);
    assertThat(result.reply().headers())
        .containsEntry("x-should-retry", "false")
        .doesNotContainKeys("retry-after", "retry-after-ms");
  }

  @ParameterizedTest
  @MethodSource("callers")
  void aRateLimitBesideABanIsNoRateLimit(Dialect dialect, boolean streaming) {
    // Given
    route(Scene.ATTEMPTS);
    first.ban(VendorReplies.anthropicOrganizationDisabled());
    second.always(VendorReplies.openAiRateLimited(Duration.ofSeconds(9)));
    // When
    ChatResult result = scene.ask(dialect, MODEL, streaming);
    // Then
    unavailable(dialect, result);
    assertThat(result.reply().headers()).containsEntry("x-should-retry", "true");
  }

  static Stream<Arguments> refusals() {
    return callers()
        .flatMap(caller ->
            Stream.of(Trouble.STATUS_401, Trouble.STATUS_403, Trouble.MODEL_NOT_FOUND)
                .map(trouble -> Arguments.of(caller.get()[0], caller.get()[1], trouble)));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void whatAProviderThinksOfOurKeyIsNeverTheCallersError(
      Dialect dialect, boolean streaming, Trouble trouble) {
    // Given
    route(Scene.ATTEMPTS);
    first.always(trouble.at(Dialect.ANTHROPIC));
    second.always(trouble.at(Dialect.OPENAI));
    // When
    ChatResult result = scene.ask(dialect, MODEL, streaming);
    // Then
    assertThat(unavailable(dialect, result).message())
        .contains(trouble.reason(streaming).word())
        .doesNotContain("key-of-");
  }

  @ParameterizedTest
  @MethodSource("callers")
  void attemptsAreBounded(Dialect dialect, boolean streaming) {
    // Given
    route(new Attempts(1, Duration.ofSeconds(5), Duration.ZERO));
    first.always(VendorReplies.anthropicServerError());
    // When
    ChatResult result = scene.ask(dialect, MODEL, streaming);
    // Then
    assertThat(unavailable(dialect, result).message()).contains("ServerError", "NotTried");
    assertThat(first.ledger().received()).isEqualTo(1);
    assertThat(second.ledger().received()).isZero();
  }

  @ParameterizedTest
  @MethodSource("callers")
  void theDeadlineIsTold(Dialect dialect, boolean streaming) {
    // Given
    Duration deadline = Duration.ofMillis(500);
    route(new Attempts(4, deadline, Duration.ZERO));
    first.always(new Fault.NoAnswerBeforeHeaders());
    // When
    ChatResult result = scene.ask(dialect, MODEL, streaming);
    // Then
    HonestError error = honest(result);
    assertThat(error.reply().status()).isEqualTo(504);
    assertThat(error.reply().headers()).containsEntry("x-should-retry", "false");
    assertThat(error.type())
        .isEqualTo(
            switch (dialect) {
              case OPENAI -> "server_error";
              case ANTHROPIC -> "timeout_error";
            });
    assertThat(Duration.ofNanos(error.reply().nanos()))
        .isBetween(deadline, deadline.plusSeconds(1));
  }

  @ParameterizedTest
  @MethodSource("callers")
  void withEveryTargetHeldSoftlyTheLeastBadIsTried(Dialect dialect, boolean streaming) {
    // Given
    route(Scene.ATTEMPTS);
    first.always(VendorReplies.anthropicOverloaded());
    second.always(VendorReplies.openAiOverloaded());
    scene.ask(dialect, MODEL, streaming);
    second.always(Answer.atOnce());
    // When
    ChatResult result = scene.ask(dialect, MODEL, streaming);
    // Then
    assertThat(result).isInstanceOf(Complete.class);
    assertThat(result.reply().provider()).isEqualTo("default/second");
    assertThat(result.reply().reason()).isEqualTo("Overloaded");
    assertThat(scene.holds("second")).isEmpty(); // its answer disproves the hold
  }

  static Stream<Boolean> streamingOrNot() {
    return Stream.of(true, false);
  }

  @ParameterizedTest
  @MethodSource("streamingOrNot")
  void generateHasItsOwnShape(boolean streaming) {
    // Given
    route(Scene.ATTEMPTS);
    ban();
    // When
    HttpResponse<String> response =
        scene.post("/v1/generate", "{\"prompt\":\"hello\",\"stream\":%s}".formatted(streaming));
    // Then
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("x-should-retry")).contains("false");
    JsonNode error = read(response.body()).path("error");
    assertThat(error.properties().stream().map(Map.Entry::getKey))
        .containsExactlyInAnyOrder("reason", "message", "request_id");
    assertThat(error.path("reason").asText()).isEqualTo("Exhausted");
    assertThat(error.path("message").asText()).contains("default/assistant", "AccountDisabled");
    assertThat(error.path("request_id").asText())
        .isEqualTo(response.headers().firstValue("x-request-id").orElseThrow());
  }

  private void route(Attempts attempts) {
    scene.route(MODEL, attempts, "first", "second");
    scene.apply();
  }

  private void ban() {
    first.ban(VendorReplies.anthropicOrganizationDisabled());
    second.ban(VendorReplies.openAiAccountDeactivated());
  }

  private static HonestError unavailable(Dialect dialect, ChatResult result) {
    HonestError error = honest(result);
    switch (dialect) {
      case OPENAI -> {
        assertThat(error.reply().status()).isEqualTo(503);
        assertThat(error.type()).isEqualTo("server_error");
        assertThat(error.code()).isEqualTo("no_target_available");
      }
      case ANTHROPIC -> {
        assertThat(error.reply().status()).isEqualTo(529);
        assertThat(error.type()).isEqualTo("overloaded_error");
      }
    }
    return error;
  }

  private static HonestError honest(ChatResult result) {
    assertThat(result).isInstanceOf(HonestError.class);
    assertThat(((HonestError) result).inStream()).isFalse();
    return (HonestError) result;
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON: " + json, e);
    }
  }
}
