package dev.changeover.gateway.attempt;

import dev.changeover.gateway.classify.Outcome.Failure;
import dev.changeover.gateway.plan.Stop;

/** How a run of attempts ended. */
public sealed interface Ending {
  /** The caller has a complete answer. */
  record Complete() implements Ending {}

  /** The caller has the beginning of an answer and an honest error behind it. */
  record Broken(Failure why) implements Ending {}

  /**
   * The caller went away.
   *
   * @param begun whether an answer had begun
   */
  record CallerLeft(boolean begun) implements Ending {}

  /** The caller has nothing yet: an error is to be told. */
  record Unserved(Stop stop) implements Ending {}
}
