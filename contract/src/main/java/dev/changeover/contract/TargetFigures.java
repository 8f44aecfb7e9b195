package dev.changeover.contract;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one gateway counted for one model of one provider in its last window of five minutes.
 *
 * @param failed attempts failed for a reason held against the provider
 * @param declined attempts unanswered for any other reason
 * @param durations attempts by duration: one count per bucket of {@link #BUCKETS_SECONDS} and one
 *     for the rest
 * @param firstTokens the same by time to first content
 */
public record TargetFigures(
    ObjectName provider,
    String model,
    long requests,
    SortedMap<Reason, Long> failed,
    SortedMap<Reason, Long> declined,
    List<Long> durations,
    List<Long> firstTokens,
    long inputTokens,
    long outputTokens,
    Optional<Instant> lastSuccess) {
  /** Upper bounds of the duration buckets, in seconds: those of the histograms on /metrics. */
  public static final List<Double> BUCKETS_SECONDS =
      List.of(.05, .1, .2, .35, .5, .75, 1., 1.5, 2., 3., 5., 10., 20., 30., 60., 120., 300., 600.);

  public TargetFigures {
    failed = Collections.unmodifiableSortedMap(new TreeMap<>(failed));
    declined = Collections.unmodifiableSortedMap(new TreeMap<>(declined));
    durations = List.copyOf(durations);
    firstTokens = List.copyOf(firstTokens);
    if (durations.size() != BUCKETS_SECONDS.size() + 1
        || firstTokens.size() != BUCKETS_SECONDS.size() + 1) {
      throw new IllegalArgumentException(
          "figures have one count per bucket and one for the rest: " + provider);
    }
  }
}
