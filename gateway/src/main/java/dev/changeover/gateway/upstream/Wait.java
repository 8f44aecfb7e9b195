package dev.changeover.gateway.upstream;

import dev.changeover.gateway.classify.Phase;

/** A wait with its end, in the nanoseconds of the gateway's clock, and what it means to miss it. */
public record Wait(long untilNanos, Lost missed) {

  public static Wait until(long untilNanos, Phase phase) {
    return new Wait(untilNanos, new Lost.Late(phase));
  }

  /** Whichever of the two is over first. */
  Wait orEarlier(Wait other) {
    return other.untilNanos - untilNanos < 0 ? other : this;
  }
}
