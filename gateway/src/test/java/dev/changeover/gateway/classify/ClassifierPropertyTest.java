package dev.changeover.gateway.classify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.contract.Scope;
import dev.changeover.gateway.classify.Outcome.Failure;
import dev.changeover.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whatever is received, there is an outcome, and it is a possible one. */
class ClassifierPropertyTest {
  private static final Instant NOW = Instant.parse("2026-08-19T12:00:00Z");
  private static final List<String> NAMES =
      List.of(
          "error",
          "message",
          "code",
          "type",
          "status",
          "details",
          "reason",
          "retryDelay",
          "choices",
          "content",
          "output",
          "metadata",
          "raw",
          "headers",
          "X-RateLimit-Remaining",
          "X-RateLimit-Reset",
          "retry_after_seconds",
          "response",
          "detail",
          "msg",
          "object",
          "incomplete_details",
          "stop_reason",
          "finish_reason",
          "candidates",
          "promptFeedback",
          "blockReason",
          "innererror",
          "error_code",
          "__type",
          "Message",
          "violations",
          "quotaId",
          "quotaDimensions",
          "model",
          "reasons",
          "stopReason",
          "finishReason");
  private static final List<String> WORDS =
      List.of(
          "error",
          "insufficient_quota",
          "rate_limit_error",
          "invalid_request_error",
          "429",
          "0",
          "1e999",
          "-1",
          "message",
          "failed",
          "incomplete",
          "content_filter",
          "",
          "This organization has been disabled.",
          "try again in 99999999999999999999s",
          "try again in 999999999d",
          "regain access on 9999-99-99",
          "{\"error\":{\"message\":\"{}\"}}",
          "[[[[[[[[",
          "\u2019\ud800",
          "9".repeat(2_000),
          "'".repeat(5_000),
          "1787184000000",
          "GenerateRequestsPerDayPerProjectPerModel",
          "RESOURCE_EXHAUSTED",
          "ValidationException",
          "Quota exceeded for quota metric " + "x".repeat(4_000),
          "You exceeded your current quota" + " limit: 0".repeat(400),
          "Requests to the " + "have exceeded ".repeat(300),
          "permission-denied");
  private static final List<String> HEADERS =
      List.of(
          "retry-after",
          "retry-after-ms",
          "date",
          "content-encoding",
          "content-type",
          "x-amzn-errortype",
          ":exception-type",
          "x-ratelimit-remaining-tokens",
          "x-ratelimit-reset-tokens",
          "anthropic-ratelimit-tokens-remaining",
          "anthropic-ratelimit-tokens-reset");
  private static final List<String> VALUES =
      List.of(
          "",
          "0",
          "-1",
          "gzip",
          "deflate",
          "br",
          "gzip, gzip, gzip",
          "text/html",
          "1h2m",
          "A#B:C",
          "999999999999999999999",
          "Wed, 19 Aug 2026 12:00:07 GMT",
          "+999999999-01-01T00:00:00Z",
          "2026-08-19T12:00:12Z",
          "999999999999.999999999999",
          ":",
          "#",
          ",,,");

  @Test
  void noBytesMakeItThrow() {
    Seeds.forEach(
        2_000,
        random -> {
          var body = new byte[random.nextInt(200)];
          random.nextBytes(body);
          check(random, body);
        });
  }

  @Test
  void noJsonMakesItThrow() {
    Seeds.forEach(4_000, random -> check(random, json(random, 5).getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void noKnownReplyWithAChangedByteMakesItThrow() {
    List<byte[]> bodies =
        KnownReply.all().stream()
            .map(reply -> reply.row().path("body").toString().getBytes(StandardCharsets.UTF_8))
            .toList();
    Seeds.forEach(
        2_000,
        random -> {
          byte[] body = bodies.get(random.nextInt(bodies.size())).clone();
          body[random.nextInt(body.length)] = (byte) random.nextInt(256);
          check(random, Arrays.copyOf(body, random.nextInt(body.length + 1)));
        });
  }

  private static void check(Random random, byte[] body) {
    Vendor vendor = pick(random, List.of(Vendor.values()));
    int status = random.nextInt(10) == 0 ? random.nextInt() : random.nextInt(200, 600);
    HeaderView headers = headers(random);
    String data = new String(body, StandardCharsets.UTF_8);

    Outcome reply = Classifier.reply(vendor, status, headers, body, NOW);
    var event = Classifier.event(vendor, pick(random, WORDS), data, headers, NOW);

    if (reply instanceof Failure failure) {
      assertPossible(failure);
    }
    event.ifPresent(ClassifierPropertyTest::assertPossible);
  }

  private static void assertPossible(Failure failure) {
    assertThat(failure.evidence().rule()).isNotEmpty();
    assertThat(failure.evidence().sentence()).isNotEmpty();
    assertThat(failure.callerMessage().length()).isLessThanOrEqualTo(Failure.CALLER_MESSAGE_MAX);
    assertThat(failure.scope() == Scope.REQUEST).isEqualTo(!failure.reason().countsAgainstHealth());
  }

  private static HeaderView headers(Random random) {
    return HeaderView.of(
        HEADERS.stream()
            .filter(_ -> random.nextInt(4) == 0)
            .collect(Collectors.toMap(name -> name, _ -> pick(random, VALUES))));
  }

  private static String json(Random random, int depth) {
    int kinds = depth == 0 ? 4 : 8;
    return switch (random.nextInt(kinds)) {
      case 0 -> "null";
      case 1 -> String.valueOf(random.nextInt());
      case 2 -> "1e99999";
      case 3 -> quoted(pick(random, WORDS));
      case 4 -> list(random, "[", "]", () -> json(random, depth - 1));
      default ->
          list(random, "{", "}", () -> quoted(pick(random, NAMES)) + ":" + json(random, depth - 1));
    };
  }

  private static String list(Random random, String open, String close, Supplier<String> item) {
    return IntStream.range(0, random.nextInt(5))
        .mapToObj(_ -> item.get())
        .collect(Collectors.joining(",", open, close));
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\"", "\\\"") + "\"";
  }

  private static <T> T pick(Random random, List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  @Test
  void deepJsonIsNoJson() {
    String deep = "{\"error\":".repeat(100_000);
    Outcome outcome =
        Classifier.reply(
            Vendor.OPENAI,
            500,
            HeaderView.of(Map.of()),
            deep.getBytes(StandardCharsets.UTF_8),
            NOW);

    assertThat(outcome).isInstanceOf(Failure.class);
  }
}
