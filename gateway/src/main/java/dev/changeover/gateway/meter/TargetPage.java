package dev.changeover.gateway.meter;

import dev.changeover.contract.ObjectName;
import dev.changeover.contract.Reason;
import dev.changeover.contract.TargetFigures;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One target's counts. */
final class TargetPage {
  private static final int BUCKETS = TargetFigures.BUCKETS_SECONDS.size() + 1;

  private static final class Counts {
    private final long[] durations = new long[BUCKETS];
    private final long[] firstTokens = new long[BUCKETS];
    private final Map<Reason, Long> failures = new EnumMap<>(Reason.class);
    private long requests;
    private long inputTokens;
    private long outputTokens;
  }

  private final Window<Counts> window = new Window<>(Counts::new);
  private Optional<Instant> lastSuccess = Optional.empty();

  synchronized void record(AttemptFacts attempt, Instant now) {
    Counts counts = window.at(now);
    counts.requests++;
    counts.inputTokens += attempt.inputTokens();
    counts.outputTokens += attempt.outputTokens();
    counts.durations[bucket(attempt.took())]++;
    attempt.firstToken().ifPresent(latency -> counts.firstTokens[bucket(latency)]++);
    attempt.failure().ifPresent(reason -> counts.failures.merge(reason, 1L, Long::sum));
    if (attempt.failure().isEmpty()) {
      lastSuccess = Optional.of(now);
    }
  }

  private static int bucket(Duration duration) {
    double seconds = duration.toNanos() / 1e9;
    int index = 0;
    while (index < BUCKETS - 1 && seconds > TargetFigures.BUCKETS_SECONDS.get(index)) {
      index++;
    }
    return index;
  }

  synchronized TargetFigures figures(ObjectName provider, String model, Instant now) {
    long[] durations = new long[BUCKETS];
    long[] firstTokens = new long[BUCKETS];
    TreeMap<Reason, Long> failed = new TreeMap<>();
    TreeMap<Reason, Long> declined = new TreeMap<>();
    long requests = 0;
    long inputTokens = 0;
    long outputTokens = 0;
    for (Counts counts : window.recent(now)) {
      requests += counts.requests;
      inputTokens += counts.inputTokens;
      outputTokens += counts.outputTokens;
      Arrays.setAll(durations, i -> durations[i] + counts.durations[i]);
      Arrays.setAll(firstTokens, i -> firstTokens[i] + counts.firstTokens[i]);
      counts.failures.forEach((reason, count) ->
          (reason.countsAgainstHealth() ? failed : declined).merge(reason, count, Long::sum));
    }
    return new TargetFigures(
        provider,
        model,
        requests,
        failed,
        declined,
        list(durations),
        list(firstTokens),
        inputTokens,
        outputTokens,
        lastSuccess);
  }

  private static List<Long> list(long[] counts) {
    return Arrays.stream(counts).boxed().toList();
  }
}
