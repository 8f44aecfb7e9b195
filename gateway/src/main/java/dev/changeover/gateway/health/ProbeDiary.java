package dev.changeover.gateway.health;

import dev.changeover.contract.HoldKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** When each hold without end is probed next. */
final class ProbeDiary {
  private record Line(Instant due, int probes) {}

  private final RandomGenerator random;
  private final Map<HoldKey, Line> lines = new HashMap<>();

  ProbeDiary(RandomGenerator random) {
    this.random = random;
  }

  synchronized void begin(HoldKey key, Instant now) {
    lines.computeIfAbsent(key, _ -> new Line(now.plus(HoldLength.untilProbe(0, random)), 0));
  }

  synchronized void end(HoldKey key) {
    lines.remove(key);
  }

  /** The probe was no success: the pause before the next one doubles, and is as long as stated. */
  synchronized void failed(HoldKey key, Instant now, Duration statedWait) {
    lines.computeIfPresent(
        key,
        (_, line) -> {
          int probes = Math.min(line.probes() + 1, HoldLength.STEP_MAX);
          return new Line(now.plus(HoldLength.untilProbe(probes, statedWait, random)), probes);
        });
  }

  /** What is due and may be probed; it counts as failed until something else is said. */
  synchronized List<HoldKey> takeDue(Instant now, Predicate<HoldKey> probeable) {
    List<HoldKey> due = new ArrayList<>();
    lines.forEach((key, line) -> {
      if (!line.due().isAfter(now) && probeable.test(key)) {
        due.add(key);
      }
    });
    due.sort(null);
    due.forEach(key ->
        lines.computeIfPresent(
            key,
            (_, line) ->
                new Line(now.plus(HoldLength.untilProbe(line.probes(), random)), line.probes())));
    return due;
  }

  synchronized void keep(Predicate<HoldKey> wanted) {
    lines.keySet().removeIf(wanted.negate());
  }
}
