package dev.changeover.local.table;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** A span of time in kubectl's short form: 45s, 3m10s, 12m, 5h20m, 41h, 3d4h, 41d, 2y100d. */
final class Age {
  private Age() {}

  /** The age of a point in time as it is written in a resource. */
  static String since(String written, Instant now) {
    try {
      return text(Duration.between(Instant.parse(written), now));
    } catch (DateTimeParseException e) {
      return "<unknown>";
    }
  }

  static String text(Duration span) {
    long seconds = span.toSeconds();
    if (seconds < 0) {
      return seconds < -1 ? "<invalid>" : "0s";
    }
    if (seconds < 120) {
      return seconds + "s";
    }
    long minutes = seconds / 60;
    if (minutes < 10) {
      return withRest(minutes, "m", seconds % 60, "s");
    }
    if (minutes < 180) {
      return minutes + "m";
    }
    long hours = minutes / 60;
    if (hours < 8) {
      return withRest(hours, "h", minutes % 60, "m");
    }
    if (hours < 48) {
      return hours + "h";
    }
    long days = hours / 24;
    if (days < 8) {
      return withRest(days, "d", hours % 24, "h");
    }
    if (days < 730) {
      return days + "d";
    }
    long years = days / 365;
    return years < 8 ? withRest(years, "y", days % 365, "d") : years + "y";
  }

  private static String withRest(long whole, String unit, long rest, String restUnit) {
    return rest == 0 ? whole + unit : whole + unit + rest + restUnit;
  }
}
