package dev.changeover.gateway.health;

import dev.changeover.contract.HoldKey;
import dev.changeover.contract.Reason;
import dev.changeover.contract.Scope;
import java.time.Instant;
import java.util.Optional;

/** Whether one model of one provider may be called with one key. */
public sealed interface Admission {
  record Admitting() implements Admission {}

  /**
   * Nothing may be sent.
   *
   * @param until the end of the hold; empty if only a probe or a person ends it
   * @param soft whether one request may be tried all the same when there is nothing better
   */
  record Held(Reason reason, Optional<Instant> until, Scope scope, boolean soft)
      implements Admission {}

  /** The hold is over, and one leased request may find out whether its cause is. */
  record ProbeDue(HoldKey key, Reason reason) implements Admission {}

  /** Another request is finding out. */
  record Probing(Reason reason, Scope scope, boolean soft) implements Admission {}
}
