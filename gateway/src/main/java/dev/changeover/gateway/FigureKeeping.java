package dev.changeover.gateway;

import dev.changeover.contract.Reason;
import dev.changeover.contract.RouteConfig;
import dev.changeover.gateway.attempt.AttemptListener;
import dev.changeover.gateway.attempt.AttemptRecord;
import dev.changeover.gateway.attempt.RunRecord;
import dev.changeover.gateway.dialect.Usage;
import dev.changeover.gateway.meter.AttemptFacts;
import dev.changeover.gateway.meter.FigureBook;
import dev.changeover.gateway.meter.RequestFacts;
import dev.changeover.gateway.observe.RequestRecord;
import java.util.Optional;

/** Writes what the figures need of each attempt and request into their book. */
final class FigureKeeping implements AttemptListener {
  private final FigureBook figures;

  FigureKeeping(FigureBook figures) {
    this.figures = figures;
  }

  @Override
  public void attemptEnded(RouteConfig route, AttemptRecord attempt) {
    if (attempt.stale()) {
      return; // neither an answer nor a failure of the provider's
    }
    Optional<Reason> failure =
        attempt.reason().filter(_ -> attempt.failed() || !attempt.answered());
    figures.record(
        new AttemptFacts(
            attempt.target().provider(),
            attempt.target().model(),
            failure,
            attempt.took(),
            attempt.firstToken(),
            attempt.usage().map(Usage::input).orElse(0L),
            attempt.usage().map(Usage::output).orElse(0L)));
  }

  /** A request is over; those without a route are nobody's. */
  void requestEnded(RequestRecord request) {
    request.run().ifPresent(run -> figures.record(facts(run)));
  }

  private static RequestFacts facts(RunRecord run) {
    Optional<String> servedBy = run.served().map(attempt -> attempt.target().name());
    boolean failedOver = servedBy.isPresent() && !run.notPreferred().isEmpty();
    return new RequestFacts(run.route().name(), failedOver, servedBy);
  }
}
