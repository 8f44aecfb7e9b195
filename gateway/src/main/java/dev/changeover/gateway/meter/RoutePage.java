package dev.changeover.gateway.meter;

import dev.changeover.contract.ObjectName;
import dev.changeover.contract.RouteFigures;
import java.time.Instant;
import java.util.Optional;

/** One route's counts. */
final class RoutePage {
  private static final class Counts {
    private long requests;
    private long failovers;
  }

  private final Window<Counts> window = new Window<>(Counts::new);
  private Optional<Instant> lastFailover = Optional.empty();
  private Optional<String> serving = Optional.empty();

  synchronized void record(RequestFacts request, Instant now) {
    Counts counts = window.at(now);
    counts.requests++;
    if (request.failedOver()) {
      counts.failovers++;
      lastFailover = Optional.of(now);
    }
    if (request.servedBy().isPresent()) {
      serving = request.servedBy();
    }
  }

  synchronized RouteFigures figures(ObjectName route, Instant now) {
    long requests = 0;
    long failovers = 0;
    for (Counts counts : window.recent(now)) {
      requests += counts.requests;
      failovers += counts.failovers;
    }
    return new RouteFigures(route, requests, failovers, lastFailover, serving);
  }
}
