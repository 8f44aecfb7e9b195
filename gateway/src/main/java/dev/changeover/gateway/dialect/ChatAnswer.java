package dev.changeover.gateway.dialect;

import java.util.List;
import java.util.Optional;

/**
 * A whole answer as it is meant, in no vendor's words.
 *
 * @param id the provider's id
 * @param model the model that the provider names
 * @param uncarried what the neutral model has no place for
 */
record ChatAnswer(
    Optional<String> id,
    Optional<String> model,
    String text,
    Optional<StopReason> stop,
    Optional<String> stopSequence,
    Optional<Usage> usage,
    List<Uncarried> uncarried) {
  ChatAnswer {
    uncarried = List.copyOf(uncarried);
  }

  /**
   * Content without a place in the neutral model.
   *
   * @param omittable whether the answer is whole without it, as it is without the reasoning
   */
  record Uncarried(String what, boolean omittable) {}

  /** Whether nothing was said, and no reason given that explains it. */
  boolean isEmpty() {
    boolean explained = stop.filter(StopReason::explainsSilence).isPresent();
    return text.isEmpty() && uncarried.stream().allMatch(Uncarried::omittable) && !explained;
  }
}
