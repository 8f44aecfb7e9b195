package dev.changeover.gateway.classify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The wait is read from the first of five forms that gives one. */
class StatedWaitTest {
  private static final Instant NOW = Instant.parse("2026-08-19T12:00:00Z");
  private static final String NO_BODY = "";

  /** What a reply says, in headers {@code name=value|name=value} and body, and the wait in it. */
  record Case(String sentence, String headers, String body, String duration) {
    @Override
    public String toString() {
      return sentence;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case("nothing said is no wait", "", NO_BODY, ""),
        new Case(
            "milliseconds win over seconds", "retry-after=2|retry-after-ms=1530", "", "PT1.53S"),
        new Case("milliseconds may have decimals", "retry-after-ms=1530.5", "", "PT1.5305S"),
        new Case("zero milliseconds are no hint", "retry-after-ms=0|retry-after=1", "", "PT1S"),
        new Case("seconds are taken as they are", "Retry-After=30", "", "PT30S"),
        new Case("seconds may have decimals", "retry-after=0.5", "", "PT0.5S"),
        new Case("a negative wait is nonsense", "retry-after=-5", "", ""),
        new Case("a word is nonsense", "retry-after=soon", "", ""),
        new Case("a number too long is nonsense", "retry-after=" + "9".repeat(40), "", ""),
        new Case(
            "an endless wait is read, not obeyed",
            "retry-after=999999999999",
            "",
            "PT277777777H46M39S"),
        new Case(
            "a date counts from the reply's date",
            "retry-after=Wed, 19 Aug 2026 14:35:02 GMT|date=Wed, 19 Aug 2026 14:34:50 GMT",
            "",
            "PT12S"),
        new Case(
            "a date counts from our clock where the reply has none",
            "retry-after=Wed, 19 Aug 2026 12:00:07 GMT",
            "",
            "PT7S"),
        new Case(
            "a date in the past is no wait", "retry-after=Wed, 01 Jan 2020 00:00:00 GMT", "", ""),
        new Case(
            "a date that never was is nonsense",
            "retry-after=Mon, 99 Foo 2026 00:00:00 GMT",
            "",
            ""),
        new Case("Google's retry delay is read", "", retryDelay("34.4s"), "PT34.4S"),
        new Case("and with nine decimals", "", retryDelay("0.539477544s"), "PT0.539477544S"),
        new Case("a retry delay of nothing is no hint", "", retryDelay("0s"), ""),
        new Case(
            "seconds in the metadata are read",
            "",
            "{'error':{'message':'x','metadata':{'retry_after_seconds':3}}}",
            "PT3S"),
        new Case(
            "a reset in epoch milliseconds is read where nothing remains",
            "date=Wed, 19 Aug 2026 12:00:00 GMT",
            metadata("0", "1787184000000"),
            "PT12H"),
        new Case(
            "and not where something remains",
            "date=Wed, 19 Aug 2026 12:00:00 GMT",
            metadata("7", "1787184000000"),
            ""),
        new Case("a header wins over the body", "retry-after=9", retryDelay("34s"), "PT9S"),
        new Case("seconds in words", "", said("Please try again in 3.89s."), "PT3.89S"),
        new Case("milliseconds in words", "", said("Please try again in 120ms."), "PT0.12S"),
        new Case("minutes in words", "", said("Please try again in 9m38.016s."), "PT9M38.016S"),
        new Case("hours in words", "", said("Please try again in 1h2m3s."), "PT1H2M3S"),
        new Case("whole words", "", said("Please retry after 60 seconds."), "PT1M"),
        new Case("the shorter phrase", "", said("Please retry in 48.9s"), "PT48.9S"),
        new Case("in any case and spacing", "", said("Please TRY\\u00a0again  in 5s"), "PT5S"),
        new Case(
            "the day on which access returns",
            "date=Thu, 30 Jul 2026 12:00:00 GMT",
            said("You will regain access on 2026-08-01 at 00:00 UTC."),
            "PT36H"),
        new Case(
            "a day that never was is nonsense",
            "",
            said("You will regain access on 2026-13-77 at 00:00 UTC."),
            ""),
        new Case(
            "a wait in quotes is the caller's", "", said("Invalid value: 'try again in 5s'."), ""),
        new Case("without a unit it is nonsense", "", said("try again in 5 parsecs"), ""),
        new Case(
            "words win over reset headers",
            "x-ratelimit-remaining-tokens=0|x-ratelimit-reset-tokens=56s",
            said("Please try again in 3s."),
            "PT3S"),
        new Case(
            "only used-up buckets count, the longest of them",
            "x-ratelimit-remaining-requests=0|x-ratelimit-reset-requests=120ms"
                + "|x-ratelimit-remaining-tokens=0|x-ratelimit-reset-tokens=17.399999999s",
            "",
            "PT17.399999999S"),
        new Case(
            "a bucket with something in it is none",
            "x-ratelimit-remaining-requests=1|x-ratelimit-reset-requests=6m0s",
            "",
            ""),
        new Case(
            "Azure's resets are plain seconds",
            "x-ratelimit-remaining-requests=0|x-ratelimit-reset-requests=17",
            "",
            "PT17S"),
        new Case(
            "Anthropic's resets are times",
            "anthropic-ratelimit-tokens-remaining=0"
                + "|anthropic-ratelimit-tokens-reset=2026-08-19T12:00:12Z",
            "",
            "PT12S"),
        new Case(
            "a reset in the past is none",
            "anthropic-ratelimit-tokens-remaining=0"
                + "|anthropic-ratelimit-tokens-reset=2020-08-19T12:00:12Z",
            "",
            ""));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void waitIsRead(Case reply) {
    HeaderView headers = headers(reply.headers());
    byte[] body = reply.body().replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    Told told =
        Json.parse(body)
            .flatMap(json -> ErrorShapes.read(429, headers, json))
            .orElseGet(() -> Told.only(429, Told.Form.ABSENT));

    Optional<Duration> wait = StatedWait.read(told, headers, NOW);

    assertThat(wait.map(Duration::toString).orElse("")).isEqualTo(reply.duration());
  }

  private static HeaderView headers(String list) {
    Map<String, String> headers = new HashMap<>();
    for (String header : list.isEmpty() ? new String[0] : list.split("\\|", -1)) {
      int at = header.indexOf('=');
      headers.put(header.substring(0, at), header.substring(at + 1));
    }
    return HeaderView.of(headers);
  }

  private static String said(String message) {
    return "{\"error\":{\"message\":\"" + message.replace('\'', '`') + "\"}}";
  }

  private static String retryDelay(String delay) {
    return "{'error':{'message':'x','details':[{'retryDelay':'" + delay + "'}]}}";
  }

  private static String metadata(String remaining, String reset) {
    return "{'error':{'message':'x','metadata':{'headers':{'X-RateLimit-Remaining':'%s','X-RateLimit-Reset':'%s'}}}}"
        .formatted(remaining, reset);
  }
}
