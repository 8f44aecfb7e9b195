package dev.changeover.operator.status;

import dev.changeover.crds.Transition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Since when a resource is in its state, and its last changes.
 *
 * @param since the time of the last change, as written
 * @param all the last changes, the newest first
 */
record Transitions(String since, List<Transition> all) {
  private static final int MAX = 10;

  /**
   * The changes so far and one more if the state is another.
   *
   * @param fromState the state before; null for the first
   * @param fromSince since when it was so, as written
   */
  static Transitions next(
      @Nullable String fromState,
      @Nullable String fromSince,
      List<Transition> before,
      Transition candidate) {
    if (fromSince != null && Objects.equals(fromState, candidate.to())) {
      return new Transitions(fromSince, before);
    }
    List<Transition> all = new ArrayList<>();
    all.add(candidate);
    all.addAll(before.subList(0, Math.min(before.size(), MAX - 1)));
    return new Transitions(candidate.time(), List.copyOf(all));
  }

  static Transition to(Instant now, @Nullable String from, String state, @Nullable String reason) {
    return new Transition(Times.text(now), from, state, reason);
  }
}
