package dev.changeover.operator.status;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Times as a status writes them: RFC 3339 to the second, or a text for people. */
final class Times {
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("HH:mm:ss 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final String LAST_KNOWN = "No gateway is connected; last known";

  private Times() {}

  static String text(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** The time that a text stands for; empty for none, whoever wrote it. */
  static Optional<Instant> parse(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }

  static boolean isAfterCreation(@Nullable String since, Instant created) {
    return parse(since)
        .filter(time -> !time.isBefore(created.truncatedTo(ChronoUnit.SECONDS)))
        .isPresent();
  }

  /** The end of a hold, as exact as its length makes sense. */
  static String end(Instant since, Instant until) {
    boolean sameDay =
        LocalDate.ofInstant(since, ZoneOffset.UTC)
            .equals(LocalDate.ofInstant(until, ZoneOffset.UTC));
    if (!sameDay) {
      return DATE.format(until);
    }
    boolean brief = Duration.between(since, until).compareTo(Duration.ofHours(1)) <= 0;
    return brief ? SECONDS.format(until) : MINUTES.format(until);
  }

  /** What was said last, marked as such once. */
  static String lastKnown(Optional<String> message) {
    String said = message.orElse("");
    if (said.startsWith(LAST_KNOWN)) {
      return said;
    }
    return said.isEmpty() ? LAST_KNOWN + "." : LAST_KNOWN + ": " + said;
  }
}
