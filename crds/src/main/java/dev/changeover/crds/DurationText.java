package dev.changeover.crds;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as resources write them: {@code 30s}, {@code 2m}, {@code 1m30s}, {@code 250ms}. */
public final class DurationText {

  /** The form, as the CRDs demand it. */
  static final String FORM = "^([0-9]{1,6}(h|m|s|ms)){1,4}$";

  /** Characters at most, as the CRDs demand it. */
  static final int LENGTH_MAX = 16;

  private static final Pattern WHOLE = Pattern.compile(FORM);
  private static final Pattern PART = Pattern.compile("([0-9]{1,6})(ms|h|m|s)");

  private DurationText() {}

  /** The duration that the text means; empty if it is not one. */
  public static Optional<Duration> parse(String text) {
    if (text.length() > LENGTH_MAX || !WHOLE.matcher(text).matches()) {
      return Optional.empty();
    }
    Duration sum = Duration.ZERO;
    Matcher part = PART.matcher(text);
    while (part.find()) {
      sum = sum.plus(of(Long.parseLong(part.group(1)), part.group(2)));
    }
    return Optional.of(sum);
  }

  private static Duration of(long amount, String unit) {
    return switch (unit) {
      case "h" -> Duration.ofHours(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "ms" -> Duration.ofMillis(amount);
      default -> throw new IllegalStateException("a unit that the pattern does not have: " + unit);
    };
  }

  /** The shortest text that means the duration, to the millisecond: {@code 1m30s}. */
  public static String format(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("a duration in a resource is never negative: " + duration);
    }
    StringBuilder text = new StringBuilder();
    append(text, duration.toHours(), "h");
    append(text, duration.toMinutesPart(), "m");
    append(text, duration.toSecondsPart(), "s");
    append(text, duration.toMillisPart(), "ms");
    return text.isEmpty() ? "0s" : text.toString();
  }

  private static void append(StringBuilder text, long amount, String unit) {
    if (amount > 0) {
      text.append(amount).append(unit);
    }
  }
}
