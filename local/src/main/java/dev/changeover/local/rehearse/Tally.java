package dev.changeover.local.rehearse;

import java.util.Map;
import java.util.TreeMap;

/**
 * Traffic counted.
 *
 * @param failedOver whole answers of another target than the preferred one
 * @param movedInFlight of these, requests that the preferred one had failed before
 * @param lost requests without a whole answer
 * @param byProvider whole answers by who gave them
 */
public record Tally(
    int sent,
    int answered,
    int failedOver,
    int movedInFlight,
    int lost,
    Map<String, Integer> byProvider) {
  static final Tally NONE = new Tally(0, 0, 0, 0, 0, Map.of());

  public Tally {
    byProvider = Map.copyOf(byProvider);
  }

  public int inFlight() {
    return sent - answered - lost;
  }

  /** What came since an earlier tally; {@code sent} too. */
  public Tally since(Tally earlier) {
    Map<String, Integer> answers = new TreeMap<>(byProvider);
    earlier.byProvider.forEach((provider, count) -> answers.merge(provider, -count, Integer::sum));
    return new Tally(
        sent - earlier.sent,
        answered - earlier.answered,
        failedOver - earlier.failedOver,
        movedInFlight - earlier.movedInFlight,
        lost - earlier.lost,
        answers);
  }

  Tally oneMoreSent() {
    return new Tally(sent + 1, answered, failedOver, movedInFlight, lost, byProvider);
  }

  Tally oneMoreLost() {
    return new Tally(sent, answered, failedOver, movedInFlight, lost + 1, byProvider);
  }

  Tally oneMoreAnswered(String provider, boolean elsewhere, boolean moved) {
    Map<String, Integer> answers = new TreeMap<>(byProvider);
    answers.merge(provider, 1, Integer::sum);
    return new Tally(
        sent,
        answered + 1,
        failedOver + (elsewhere ? 1 : 0),
        movedInFlight + (moved ? 1 : 0),
        lost,
        answers);
  }
}
