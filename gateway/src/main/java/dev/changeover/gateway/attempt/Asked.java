package dev.changeover.gateway.attempt;

import dev.changeover.contract.RouteConfig;
import dev.changeover.gateway.config.RoutingTable;
import dev.changeover.gateway.dialect.InboundRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * One request, as far as attempts depend on it.
 *
 * @param requestId ours
 * @param table the configuration that serves this request from its beginning to its end
 * @param header looks a header of the caller up
 * @param startedNanos the same moment as {@code started}, on the clock that waits are measured by
 * @param within the caller's own deadline, where it states one
 * @param failover whether anything but the first target may be tried
 */
public record Asked(
    String requestId,
    RoutingTable table,
    RouteConfig route,
    InboundRequest request,
    Function<String, Optional<String>> header,
    Instant started,
    long startedNanos,
    Optional<Duration> within,
    boolean failover) {}
