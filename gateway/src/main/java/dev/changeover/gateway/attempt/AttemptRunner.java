package dev.changeover.gateway.attempt;

import dev.changeover.gateway.health.HealthBoard;
import dev.changeover.gateway.plan.AttemptPlanner;
import dev.changeover.gateway.plan.TargetOrder;
import dev.changeover.gateway.upstream.Upstream;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** Takes the planner's steps for one request after another, until each has its answer. */
public final class AttemptRunner {
  private final Surroundings surroundings;

  /** What every run uses. */
  record Surroundings(
      AttemptPlanner planner,
      TargetOrder order,
      HealthBoard health,
      Upstream upstream,
      AttemptListener listener,
      InstantSource clock,
      LongSupplier nanoClock) {}

  public AttemptRunner(
      TargetOrder order,
      HealthBoard health,
      Upstream upstream,
      AttemptListener listener,
      InstantSource clock,
      LongSupplier nanoClock) {
    surroundings =
        new Surroundings(new AttemptPlanner(), order, health, upstream, listener, clock, nanoClock);
  }

  /**
   * Answers the request, or finds that nothing can; the caller's error is then still to be told.
   */
  public RunRecord run(Asked asked, Caller caller) {
    return new RequestRun(surroundings, asked, caller).run();
  }
}
