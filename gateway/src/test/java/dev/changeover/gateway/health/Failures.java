package dev.changeover.gateway.health;

import dev.changeover.contract.Evidence;
import dev.changeover.contract.Reason;
import dev.changeover.contract.Scope;
import dev.changeover.gateway.classify.Outcome.Failure;
import java.time.Duration;
import java.util.Optional;

/** Failures for tests. */
public final class Failures {
  private Failures() {}

  public static Failure of(Reason reason) {
    return Failure.of(reason, "test-rule", "It failed for " + reason + ".");
  }

  public static Failure of(Reason reason, Scope scope) {
    return new Failure(reason, scope, Optional.empty(), of(reason).evidence(), false, "");
  }

  public static Failure waiting(Failure failure, String wait) {
    return new Failure(
        failure.reason(),
        failure.scope(),
        Optional.of(Duration.parse(wait)),
        failure.evidence(),
        failure.doubtful(),
        "");
  }

  /** A pooled connection that the other side had closed. */
  public static Failure staleConnection() {
    return new Failure(
        Reason.UNREACHABLE,
        Scope.PROVIDER,
        Optional.empty(),
        new Evidence(0, "", "", Failure.REUSED_CONNECTION_RESET, "It was reset."),
        false,
        "");
  }
}
