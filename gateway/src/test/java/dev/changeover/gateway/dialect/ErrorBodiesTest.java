package dev.changeover.gateway.dialect;

import static dev.changeover.gateway.dialect.Dialect.ANTHROPIC_MESSAGES;
import static dev.changeover.gateway.dialect.Dialect.GENERATE;
import static dev.changeover.gateway.dialect.Dialect.OPENAI_CHAT;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ErrorBodiesTest {
  record Row(String sentence, CallerError error, String openAi, String anthropic, String generate) {
    @Override
    public String toString() {
      return sentence;
    }
  }

  static Stream<Row> rows() {
    return Stream.of(
        new Row(
            "bad key",
            CallerError.badKey("no", "r1"),
            "401 invalid_request_error invalid_api_key",
            "401 authentication_error",
            "401 Unauthorized"),
        new Row(
            "unknown model",
            CallerError.unknownModel("x", "r1"),
            "404 invalid_request_error model_not_found",
            "404 not_found_error",
            "404 UnknownModel"),
        new Row(
            "a caller's mistake",
            CallerError.mistake(400, "no", Optional.of("model"), "r1"),
            "400 invalid_request_error invalid_request",
            "400 invalid_request_error",
            "400 BadRequest"),
        new Row(
            "a body too large",
            CallerError.bodyTooLarge(10, "r1"),
            "413 invalid_request_error request_too_large",
            "413 request_too_large",
            "413 RequestTooLarge"),
        new Row(
            "every target is rate limited",
            CallerError.rateLimited("no", "r1"),
            "429 requests rate_limit_exceeded",
            "429 rate_limit_error",
            "429 RateLimited"),
        new Row(
            "exhausted otherwise",
            CallerError.noTarget("no", "r1"),
            "503 server_error no_target_available",
            "529 overloaded_error",
            "503 Exhausted"),
        new Row(
            "deadline",
            CallerError.deadline("no", "r1"),
            "504 server_error timeout",
            "504 timeout_error",
            "504 Timeout"),
        new Row(
            "an unknown path",
            CallerError.unknownPath("r1"),
            "404 invalid_request_error unknown_url",
            "404 not_found_error",
            "404 UnknownPath"),
        new Row(
            "a wrong method",
            CallerError.wrongMethod("POST", "r1"),
            "405 invalid_request_error method_not_allowed",
            "405 invalid_request_error",
            "405 WrongMethod"),
        new Row(
            "a broken stream",
            CallerError.streamBroken("no", "Timeout", "r1"),
            "502 server_error stream_broken",
            "502 api_error",
            "502 Timeout"),
        new Row(
            "our own mistake",
            CallerError.internal("r1"),
            "500 server_error internal_error",
            "500 api_error",
            "500 Internal"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void errorIsToldInTheCallersWords(Row row) {
    var openAi =
        Json.object(ErrorBodies.body(OPENAI_CHAT, row.error())).orElseThrow().path("error");
    var anthropic = Json.object(ErrorBodies.body(ANTHROPIC_MESSAGES, row.error())).orElseThrow();
    var generate = Json.object(ErrorBodies.body(GENERATE, row.error())).orElseThrow().path("error");
    assertThat(
            "%d %s %s"
                .formatted(
                    row.error().status(OPENAI_CHAT),
                    openAi.path("type").asText(),
                    openAi.path("code").asText()))
        .isEqualTo(row.openAi());
    assertThat(
            "%d %s"
                .formatted(
                    row.error().status(ANTHROPIC_MESSAGES),
                    anthropic.path("error").path("type").asText()))
        .isEqualTo(row.anthropic());
    assertThat("%d %s".formatted(row.error().status(GENERATE), generate.path("reason").asText()))
        .isEqualTo(row.generate());
  }

  @Test
  void shapesAreTheVendors() {
    CallerError error = CallerError.mistake(400, "say \"m\"", Optional.of("model"), "r1");
    assertThat(Samples.text(ErrorBodies.body(OPENAI_CHAT, error)))
        .isEqualTo(
            "{\"error\":{\"message\":\"say \\\"m\\\"\",\"type\":\"invalid_request_error\",\"param\":\"model\",\"code\":\"invalid_request\"}}");
    assertThat(Samples.text(ErrorBodies.body(ANTHROPIC_MESSAGES, error)))
        .isEqualTo(
            "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"say \\\"m\\\"\"},\"request_id\":\"r1\"}");
    assertThat(Samples.text(ErrorBodies.body(GENERATE, error)))
        .isEqualTo(
            "{\"error\":{\"reason\":\"BadRequest\",\"message\":\"say \\\"m\\\"\",\"request_id\":\"r1\"}}");
  }

  @Test
  void aBrokenStreamEndsInAnErrorAndNoMarker() {
    CallerError error = CallerError.streamBroken("cut", "StreamBroken", "r1");
    assertThat(Samples.text(ErrorBodies.streamEvent(OPENAI_CHAT, error)))
        .startsWith("data: {\"error\":")
        .endsWith("}\n\n")
        .doesNotContain("[DONE]");
    assertThat(Samples.text(ErrorBodies.streamEvent(ANTHROPIC_MESSAGES, error)))
        .startsWith("event: error\ndata: {\"type\":\"error\",")
        .endsWith("}\n\n");
  }

  @Test
  void onlyExhaustionIsWorthAnotherTry() {
    assertThat(rows().filter(row -> row.error().retryMayHelp()).map(Row::sentence))
        .containsExactly("every target is rate limited", "exhausted otherwise");
  }

  @Test
  void aLongModelNameIsNotRepeatedWhole() {
    assertThat(CallerError.unknownModel("m".repeat(5000), "r1").message()).hasSizeLessThan(400);
  }

  @Test
  void modelsAreListedInBothShapes() {
    List<String> names = List.of("assistant", "gpt-4o");
    Instant since = Instant.ofEpochSecond(1_700_000_000);
    assertThat(Samples.text(ModelLists.body(OPENAI_CHAT, names, since)))
        .startsWith(
            "{\"object\":\"list\",\"data\":[{\"id\":\"assistant\",\"object\":\"model\",\"created\":1700000000,\"owned_by\":\"changeover\"}");
    assertThat(Samples.text(ModelLists.body(ANTHROPIC_MESSAGES, names, since)))
        .contains("\"created_at\":\"2023-11-14T22:13:20Z\"")
        .endsWith("\"has_more\":false,\"first_id\":\"assistant\",\"last_id\":\"gpt-4o\"}");
    assertThat(Samples.text(ModelLists.body(ANTHROPIC_MESSAGES, List.of(), since)))
        .isEqualTo("{\"data\":[],\"has_more\":false,\"first_id\":null,\"last_id\":null}");
  }
}
