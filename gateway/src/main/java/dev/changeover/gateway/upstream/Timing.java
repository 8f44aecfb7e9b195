package dev.changeover.gateway.upstream;

import dev.changeover.contract.Timeouts;
import dev.changeover.gateway.classify.Phase;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * The deadlines of one exchange.
 *
 * @param timeouts the provider's, with what its model needs
 * @param streamed which of them count
 * @param startedNanos when the exchange began
 * @param outOfTimeNanos when the request itself is out of time, where it has such an end before its
 *     answer begins
 */
public record Timing(
    Timeouts timeouts, boolean streamed, long startedNanos, OptionalLong outOfTimeNanos) {
  /** A pause that a model takes which thinks before it speaks. */
  public static final Duration REASONING_IDLE = Duration.ofMinutes(2);

  /** The same timeouts with the pauses that are normal for a model which thinks. */
  public static Timeouts forReasoning(Timeouts timeouts) {
    if (!timeouts.idle().equals(Timeouts.DEFAULT.idle())) {
      return timeouts;
    }
    return new Timeouts(
        timeouts.connect(),
        timeouts.firstToken(),
        REASONING_IDLE,
        timeouts.answer(),
        timeouts.total());
  }

  /** Until the request is on its way. */
  Wait sent() {
    return bounded(after(startedNanos, timeouts.connect(), Phase.CONNECT));
  }

  /** Until first content, or until a whole answer. */
  public Wait answer(long sentNanos) {
    return bounded(
        streamed
            ? after(sentNanos, timeouts.firstToken(), Phase.FIRST_TOKEN)
            : after(sentNanos, timeouts.answer(), Phase.ANSWER));
  }

  /**
   * Until the next piece of a stream whose answer has begun.
   *
   * @param readerNanos what its reader took to pass on what came before: no time of the provider's,
   *     and bounded by its reader
   */
  public Wait next(long nowNanos, long readerNanos) {
    return after(nowNanos, timeouts.idle(), Phase.IDLE).orEarlier(total(readerNanos));
  }

  /** Until a moment that is near: what does not come by then is not needed. */
  public Wait soon(long untilNanos) {
    return Wait.until(untilNanos, Phase.ANSWER);
  }

  private Wait bounded(Wait wait) {
    Wait within = wait.orEarlier(total(0));
    return outOfTimeNanos.isEmpty()
        ? within
        : within.orEarlier(new Wait(outOfTimeNanos.getAsLong(), new Lost.OutOfTime()));
  }

  private Wait total(long readerNanos) {
    return after(startedNanos + readerNanos, timeouts.total(), Phase.TOTAL);
  }

  private static Wait after(long nanos, Duration duration, Phase phase) {
    return Wait.until(nanos + duration.toNanos(), phase);
  }
}
