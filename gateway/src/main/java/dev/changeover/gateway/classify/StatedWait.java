package dev.changeover.gateway.classify;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The wait that a reply states, in five forms, of which the first with a positive wait counts.
 * Zero, a time that has passed and nonsense are no wait. What was read is not limited here.
 */
final class StatedWait {
  /** Longer texts are no number and no date. */
  private static final int VALUE_MAX = 64;

  private static final Pattern NUMBER = Pattern.compile("\\d{1,15}(?:\\.\\d{1,12})?");
  private static final Pattern PART =
      Pattern.compile(
          "(\\d{1,9}(?:\\.\\d{1,12})?) ?"
              + "(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?)"
              + "(?![a-z])[ ,]{0,2}");
  private static final Pattern ASKED =
      Pattern.compile("(?:try again|retry) (?:in|after) (?=\\d)", Pattern.CASE_INSENSITIVE);
  private static final Pattern REGAIN =
      Pattern.compile(
          "regain access on (\\d{4}-\\d\\d-\\d\\d)((?: at \\d\\d:\\d\\d)?)",
          Pattern.CASE_INSENSITIVE);

  /** A bucket's headers: what is left in it, and when it is full again. */
  private record Bucket(String remaining, String reset) {}

  private static final List<Bucket> BUCKETS =
      Stream.concat(
              Stream.of("requests", "tokens", "project-requests", "project-tokens")
                  .map(of -> new Bucket("x-ratelimit-remaining-" + of, "x-ratelimit-reset-" + of)),
              Stream.of(
                      "requests",
                      "tokens",
                      "input-tokens",
                      "output-tokens",
                      "priority-input-tokens",
                      "priority-output-tokens")
                  .map(of -> "anthropic-ratelimit-" + of)
                  .map(name -> new Bucket(name + "-remaining", name + "-reset")))
          .toList();

  private final Told told;
  private final HeaderView headers;
  private final Instant sent;

  private StatedWait(Told told, HeaderView headers, Instant now) {
    this.told = told;
    this.headers = headers;
    this.sent = headers.first("date").flatMap(StatedWait::httpDate).orElse(now);
  }

  /** The wait that the reply asks for; dates count from its own date, else from ours. */
  static Optional<Duration> read(Told told, HeaderView headers, Instant now) {
    var reply = new StatedWait(told, headers, now);
    return Stream.<Supplier<Optional<Duration>>>of(
            reply::retryAfterMillis,
            reply::retryAfter,
            reply::inFields,
            reply::inWords,
            reply::untilReset)
        .flatMap(form -> form.get().filter(Duration::isPositive).stream())
        .findFirst();
  }

  private Optional<Duration> retryAfterMillis() {
    return headers
        .first("retry-after-ms")
        .flatMap(StatedWait::number)
        .map(millis -> of(millis, -3));
  }

  private Optional<Duration> retryAfter() {
    return headers
        .first("retry-after")
        .flatMap(value -> seconds(value).or(() -> httpDate(value).map(this::until)));
  }

  private Optional<Duration> inFields() {
    return told.errors().stream()
        .flatMap(error ->
            Stream.concat(
                retryDelays(error), Stream.concat(retryAfterSeconds(error), epochReset(error))))
        .filter(Duration::isPositive)
        .findFirst();
  }

  private static Stream<Duration> retryDelays(JsonNode error) {
    return error
        .path("details")
        .valueStream()
        .flatMap(detail -> duration(Json.text(detail, "retryDelay")).stream());
  }

  private static Stream<Duration> retryAfterSeconds(JsonNode error) {
    JsonNode value = error.path("metadata").path("retry_after_seconds");
    return value.isValueNode() ? seconds(value.asText()).stream() : Stream.empty();
  }

  private Stream<Duration> epochReset(JsonNode error) {
    JsonNode fields = error.path("metadata").path("headers");
    return field(fields, "x-ratelimit-remaining").filter(StatedWait::isUsedUp).isPresent()
        ? field(fields, "x-ratelimit-reset")
            .flatMap(StatedWait::number)
            .map(millis -> until(Instant.EPOCH.plus(of(millis, -3))))
            .stream()
        : Stream.empty();
  }

  private Optional<Duration> inWords() {
    String words = Sentences.unquoted(told.sentence());
    Matcher asked = ASKED.matcher(words);
    while (asked.find()) {
      Optional<Duration> wait = duration(words.substring(asked.end()));
      if (wait.isPresent()) {
        return wait;
      }
    }
    Matcher regain = REGAIN.matcher(words);
    return regain.find() ? regained(regain.group(1), regain.group(2)) : Optional.empty();
  }

  private Optional<Duration> regained(String date, String time) {
    try {
      LocalTime at =
          time.isEmpty() ? LocalTime.MIDNIGHT : LocalTime.parse(time.substring(" at ".length()));
      return Optional.of(until(LocalDate.parse(date).atTime(at).toInstant(ZoneOffset.UTC)));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  private Optional<Duration> untilReset() {
    return BUCKETS.stream()
        .filter(
            bucket -> headers.first(bucket.remaining()).filter(StatedWait::isUsedUp).isPresent())
        .flatMap(bucket -> headers.first(bucket.reset()).stream())
        .flatMap(reset ->
            seconds(reset)
                .or(() -> duration(reset))
                .or(() -> timestamp(reset).map(this::until))
                .stream())
        .filter(Duration::isPositive)
        .max(Duration::compareTo);
  }

  private Duration until(Instant then) {
    return Duration.between(sent, then);
  }

  private static boolean isUsedUp(String remaining) {
    return number(remaining).filter(left -> left.signum() == 0).isPresent();
  }

  private static Optional<String> field(JsonNode fields, String name) {
    return fields
        .propertyStream()
        .filter(field -> field.getKey().equalsIgnoreCase(name) && field.getValue().isValueNode())
        .map(field -> field.getValue().asText())
        .findFirst();
  }

  private static Optional<Duration> seconds(String value) {
    return number(value).map(seconds -> of(seconds, 0));
  }

  private static Optional<BigDecimal> number(String value) {
    String text = value.strip();
    return text.length() <= VALUE_MAX && NUMBER.matcher(text).matches()
        ? Optional.of(new BigDecimal(text))
        : Optional.empty();
  }

  /** The duration that a text begins with, such as {@code 1h2m3.5s} or {@code 60 seconds}. */
  private static Optional<Duration> duration(String text) {
    Matcher part = PART.matcher(text.toLowerCase(Locale.ROOT));
    Duration sum = Duration.ZERO;
    int at = 0;
    while (part.region(at, part.regionEnd()).lookingAt()) {
      sum = sum.plus(times(new BigDecimal(part.group(1)), unit(part.group(2))));
      at = part.end();
    }
    return at == 0 ? Optional.empty() : Optional.of(sum);
  }

  private static Duration unit(String name) {
    return name.startsWith("ms") || name.startsWith("mil")
        ? Duration.ofMillis(1)
        : switch (name.charAt(0)) {
          case 's' -> Duration.ofSeconds(1);
          case 'm' -> Duration.ofMinutes(1);
          case 'h' -> Duration.ofHours(1);
          default -> Duration.ofDays(1);
        };
  }

  private static Duration times(BigDecimal count, Duration unit) {
    return of(count.multiply(BigDecimal.valueOf(unit.toMillis())), -3);
  }

  /** So many seconds, times this power of ten. */
  private static Duration of(BigDecimal seconds, int power) {
    BigDecimal scaled = seconds.scaleByPowerOfTen(power);
    BigDecimal nanos = scaled.remainder(BigDecimal.ONE).scaleByPowerOfTen(9);
    return Duration.ofSeconds(scaled.longValue(), nanos.longValue());
  }

  private static Optional<Instant> httpDate(String value) {
    return time(value, DateTimeFormatter.RFC_1123_DATE_TIME).map(ZonedDateTime::toInstant);
  }

  private static Optional<ZonedDateTime> time(String value, DateTimeFormatter format) {
    try {
      return value.length() > VALUE_MAX
          ? Optional.empty()
          : Optional.of(ZonedDateTime.parse(value.strip(), format));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  private static Optional<Instant> timestamp(String value) {
    try {
      return value.length() > VALUE_MAX
          ? Optional.empty()
          : Optional.of(OffsetDateTime.parse(value.strip()).toInstant());
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
