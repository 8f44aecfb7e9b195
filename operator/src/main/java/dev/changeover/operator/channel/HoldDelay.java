package dev.changeover.operator.channel;

import dev.changeover.contract.Hold;
import dev.changeover.contract.HoldKey;
import dev.changeover.contract.HoldSet;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How long the last news about holds takes to its last gateway: each gateway says in return what it
 * then knows. Only the newest news is timed.
 */
final class HoldDelay {
  private Map<HoldKey, Set<Long>> news = Map.of();
  private Set<String> unconfirmed = Set.of();
  private long sinceNanos;

  /** News goes out to these gateways now. */
  void begin(HoldSet holds, Collection<String> gateways, long nowNanos) {
    news = beginnings(holds);
    unconfirmed = new HashSet<>(gateways);
    sinceNanos = nowNanos;
  }

  /** A gateway has said what it knows; the delay, if it was the last to know. */
  Optional<Duration> heard(String gateway, HoldSet holds, long nowNanos) {
    if (!unconfirmed.contains(gateway) || !knows(beginnings(holds))) {
      return Optional.empty();
    }
    unconfirmed.remove(gateway);
    return unconfirmed.isEmpty()
        ? Optional.of(Duration.ofNanos(nowNanos - sinceNanos))
        : Optional.empty();
  }

  void gone(String gateway) {
    if (unconfirmed.contains(gateway)) {
      unconfirmed.remove(gateway);
    }
  }

  private boolean knows(Map<HoldKey, Set<Long>> said) {
    return news.entrySet().stream()
        .allMatch(one -> said.getOrDefault(one.getKey(), Set.of()).containsAll(one.getValue()));
  }

  /** Beginnings are the same by every clock's words; ends are not. */
  private static Map<HoldKey, Set<Long>> beginnings(HoldSet holds) {
    Map<HoldKey, Set<Long>> beginnings = new HashMap<>();
    holds
        .entries()
        .forEach((key, entry) -> {
          List<Hold> kept = entry.holds();
          kept.forEach(hold ->
              beginnings
                  .computeIfAbsent(key, _ -> new HashSet<>())
                  .add(hold.since().toEpochMilli()));
        });
    return beginnings;
  }
}
