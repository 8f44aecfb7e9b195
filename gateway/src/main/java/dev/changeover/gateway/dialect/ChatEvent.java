package dev.changeover.gateway.dialect;

import java.util.Optional;

/** One event of a stream as it is meant, in no vendor's words. */
sealed interface ChatEvent {
  record Started(Optional<String> id, Optional<String> model) implements ChatEvent {}

  record Text(String text) implements ChatEvent {}

  /** Content without a place in the neutral model; see {@link ChatAnswer.Uncarried}. */
  record Uncarried(String what, boolean omittable) implements ChatEvent {}

  record Stopped(StopReason reason, Optional<String> sequence) implements ChatEvent {}

  /**
   * Tokens so far.
   *
   * @param alone whether the event exists only for this, so that nobody misses it who did not ask
   */
  record Counted(Usage usage, boolean alone) implements ChatEvent {}

  /** The terminal marker. */
  record Ended() implements ChatEvent {}

  /** The provider's error. */
  record Failed() implements ChatEvent {}

  record Unreadable(String what) implements ChatEvent {}
}
