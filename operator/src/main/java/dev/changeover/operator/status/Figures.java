package dev.changeover.operator.status;

import dev.changeover.contract.Reason;
import dev.changeover.crds.LlmProviderStatus;
import dev.changeover.operator.health.WindowSum;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Figures as people read them: rounded, so that their text seldom changes. */
final class Figures {
  /** What stands where there is no figure. */
  static final String NONE = "-";

  private Figures() {}

  static LlmProviderStatus.Window window(WindowSum sum) {
    return new LlmProviderStatus.Window(
        percent(sum.successPercent()),
        seconds(sum.firstTokenQuantile(0.5)),
        seconds(sum.firstTokenQuantile(0.95)),
        seconds(sum.firstTokenQuantile(0.99)),
        count(sum.requests()),
        count(sum.failures()),
        reasons(sum.failed()),
        count(sum.inputTokens()),
        count(sum.outputTokens()));
  }

  /** One decimal, rounded down: 100% means that nothing failed. */
  static String percent(OptionalDouble percent) {
    if (percent.isEmpty()) {
      return NONE;
    }
    BigDecimal rounded = BigDecimal.valueOf(percent.getAsDouble()).setScale(1, RoundingMode.DOWN);
    return rounded.compareTo(BigDecimal.valueOf(100)) == 0 ? "100%" : rounded + "%";
  }

  /** Milliseconds below a second, a decimal below ten, whole seconds above. */
  static String seconds(OptionalDouble seconds) {
    if (seconds.isEmpty()) {
      return NONE;
    }
    double value = seconds.getAsDouble();
    if (value < 0.995) {
      return Math.round(value * 100) * 10 + "ms";
    }
    if (value < 9.95) {
      return BigDecimal.valueOf(value).setScale(1, RoundingMode.HALF_UP) + "s";
    }
    return Math.round(value) + "s";
  }

  /** Up to four digits: {@code 999}, {@code 1.2k}, {@code 12k}, {@code 3.1M}. */
  static String count(long count) {
    if (count < 1000) {
      return Long.toString(count);
    }
    return count < 999_500 ? scaled(count / 1e3) + "k" : scaled(count / 1e6) + "M";
  }

  private static String scaled(double value) {
    return value < 9.95
        ? BigDecimal.valueOf(value).setScale(1, RoundingMode.HALF_UP).toPlainString()
        : Long.toString(Math.round(value));
  }

  private static @Nullable String reasons(Map<Reason, Long> failed) {
    String text =
        failed.entrySet().stream()
            .filter(entry -> entry.getValue() > 0)
            .sorted(
                Map.Entry.<Reason, Long>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .map(entry -> entry.getKey() + " " + count(entry.getValue()))
            .collect(Collectors.joining(", "));
    return text.isEmpty() ? null : text;
  }
}
