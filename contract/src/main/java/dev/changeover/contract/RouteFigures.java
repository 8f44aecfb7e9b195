package dev.changeover.contract;

import java.time.Instant;
import java.util.Optional;

/**
 * What one gateway says of one route.
 *
 * @param requests answered or not, in the last window of five minutes
 * @param failovers how many of them were moved to another target
 * @param lastFailover when a request was last moved
 * @param serving the target that answered last
 */
public record RouteFigures(
    ObjectName route,
    long requests,
    long failovers,
    Optional<Instant> lastFailover,
    Optional<String> serving) {}
