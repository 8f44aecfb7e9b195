package dev.changeover.gateway.plan;

import dev.changeover.contract.RouteConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One request's way through its route, so far.
 *
 * @param order the route's targets in the order in which this run prefers them
 * @param attempts what was tried
 * @param skipped targets that this run leaves out from the start
 * @param lost steps for which there was no permit any more
 * @param deadline from {@code started} until an answer must have begun
 * @param failover whether anything but the first target may be tried, and more than once
 */
public record Run(
    RouteConfig route,
    List<Candidate> order,
    List<Attempt> attempts,
    List<Skipped> skipped,
    List<Step> lost,
    Instant started,
    Duration deadline,
    boolean failover) {
  public Run {
    order = List.copyOf(order);
    attempts = List.copyOf(attempts);
    skipped = List.copyOf(skipped);
    lost = List.copyOf(lost);
    if (!deadline.isPositive()) {
      throw new IllegalArgumentException("a run's deadline must be longer than zero");
    }
  }

  /** A run at its beginning, with the route's own deadline. */
  public static Run of(RouteConfig route, List<Candidate> order, Instant started) {
    Duration deadline = route.attempts().deadline();
    return new Run(route, order, List.of(), List.of(), List.of(), started, deadline, true);
  }

  /** This run with a deadline no later than it had. */
  public Run within(Duration shorter) {
    Duration least = shorter.compareTo(deadline) < 0 ? shorter : deadline;
    return new Run(route, order, attempts, skipped, lost, started, least, failover);
  }

  /** This run confined to one attempt at the first target of its order. */
  public Run withoutFailover() {
    return new Run(route, order, attempts, skipped, lost, started, deadline, false);
  }

  public Run with(Attempt attempt) {
    return new Run(
        route, order, plus(attempts, attempt), skipped, lost, started, deadline, failover);
  }

  public Run with(Skipped target) {
    return new Run(
        route, order, attempts, plus(skipped, target), lost, started, deadline, failover);
  }

  /** This run after a step whose permit was gone: somebody else was faster. */
  public Run without(Step step) {
    return new Run(route, order, attempts, skipped, plus(lost, step), started, deadline, failover);
  }

  public Optional<Attempt> last() {
    return attempts.isEmpty() ? Optional.empty() : Optional.of(attempts.getLast());
  }

  /** Time until the deadline; zero or less when it has passed. */
  public Duration left(Instant now) {
    return Duration.between(now, started.plus(deadline));
  }

  private static <T> List<T> plus(List<T> list, T more) {
    return Stream.concat(list.stream(), Stream.of(more)).toList();
  }
}
