package dev.changeover.gateway.plan;

import dev.changeover.gateway.classify.Outcome.Failure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Why nothing more is tried. */
public sealed interface Stop extends Next {
  /**
   * No target is left.
   *
   * @param verdicts one for each target, in the order of the run
   * @param backIn until the first hold ends, if one does
   */
  record Exhausted(List<Verdict> verdicts, Optional<Duration> backIn) implements Stop {
    public Exhausted {
      verdicts = List.copyOf(verdicts);
    }
  }

  /** The request's time is over. */
  record DeadlinePassed(List<Verdict> verdicts) implements Stop {
    public DeadlinePassed {
      verdicts = List.copyOf(verdicts);
    }
  }

  /** As many attempts were made as the route allows. */
  record AttemptsUsed(List<Verdict> verdicts, Optional<Duration> backIn) implements Stop {
    public AttemptsUsed {
      verdicts = List.copyOf(verdicts);
    }
  }

  /** The request itself is the cause: no other target would answer it. */
  record ReturnFailure(Failure failure) implements Stop {}
}
