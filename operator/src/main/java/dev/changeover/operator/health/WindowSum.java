package dev.changeover.operator.health;

import dev.changeover.contract.Reason;
import dev.changeover.contract.TargetFigures;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/** Figures of several gateways and models, summed. */
public record WindowSum(
    long requests,
    SortedMap<Reason, Long> failed,
    List<Long> durations,
    List<Long> firstTokens,
    long inputTokens,
    long outputTokens,
    Optional<Instant> lastSuccess) {
  private static final List<Long> NO_COUNTS =
      Collections.nCopies(TargetFigures.BUCKETS_SECONDS.size() + 1, 0L);

  /** The sum of nothing. */
  public static final WindowSum NONE =
      new WindowSum(0, new TreeMap<>(), NO_COUNTS, NO_COUNTS, 0, 0, Optional.empty());

  public WindowSum {
    failed = Collections.unmodifiableSortedMap(new TreeMap<>(failed));
    durations = List.copyOf(durations);
    firstTokens = List.copyOf(firstTokens);
  }

  /** The sum over all of these. */
  public static WindowSum of(Collection<TargetFigures> figures) {
    WindowSum sum = NONE;
    for (TargetFigures each : figures) {
      sum = sum.plus(each);
    }
    return sum;
  }

  private WindowSum plus(TargetFigures more) {
    TreeMap<Reason, Long> reasons = new TreeMap<>(failed);
    more.failed().forEach((reason, count) -> reasons.merge(reason, count, Long::sum));
    return new WindowSum(
        requests + more.requests(),
        reasons,
        added(durations, more.durations()),
        added(firstTokens, more.firstTokens()),
        inputTokens + more.inputTokens(),
        outputTokens + more.outputTokens(),
        latest(lastSuccess, more.lastSuccess()));
  }

  private static List<Long> added(List<Long> left, List<Long> right) {
    List<Long> sums = new ArrayList<>(left.size());
    for (int i = 0; i < left.size(); i++) {
      sums.add(left.get(i) + right.get(i));
    }
    return sums;
  }

  private static Optional<Instant> latest(Optional<Instant> left, Optional<Instant> right) {
    if (left.isEmpty() || right.isEmpty()) {
      return left.or(() -> right);
    }
    return left.get().isAfter(right.get()) ? left : right;
  }

  /** Attempts that failed for a reason held against the provider. */
  public long failures() {
    return failed.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The share of attempts that did not fail so, in percent; empty without attempts. */
  public OptionalDouble successPercent() {
    return requests <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(100.0 * Math.max(0, requests - failures()) / requests);
  }

  /** The most frequent failure. */
  public Optional<Reason> commonestFailure() {
    return failed.entrySet().stream()
        .filter(entry -> entry.getValue() > 0)
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey);
  }

  /** Seconds to first content that this share of attempts stayed below; empty without any. */
  public OptionalDouble firstTokenQuantile(double share) {
    return quantile(firstTokens, share);
  }

  /** The same of any counts: linear inside a bucket, and the last bound for what lies beyond it. */
  static OptionalDouble quantile(List<Long> counts, double share) {
    long total = counts.stream().mapToLong(Long::longValue).sum();
    if (total <= 0) {
      return OptionalDouble.empty();
    }
    double rank = share * total;
    double below = 0;
    double lower = 0;
    for (int i = 0; i < TargetFigures.BUCKETS_SECONDS.size(); i++) {
      double upper = TargetFigures.BUCKETS_SECONDS.get(i);
      long count = counts.get(i);
      if (count > 0 && below + count >= rank) {
        return OptionalDouble.of(lower + (upper - lower) * (rank - below) / count);
      }
      below += count;
      lower = upper;
    }
    return OptionalDouble.of(lower);
  }
}
