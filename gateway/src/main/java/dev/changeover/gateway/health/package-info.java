/**
 * Who may be called now. In come the outcomes of attempts and the holds of the fleet; out go {@link
 * dev.changeover.gateway.health.Admission}s for the planner, {@link
 * dev.changeover.gateway.health.Permit}s for the runner, and holds to be told to others. One {@link
 * dev.changeover.gateway.health.HealthBoard} is the only writer.
 *
 * <p>The package must never know routes, requests, connections or the control channel.
 */
@NullMarked
package dev.changeover.gateway.health;

import org.jspecify.annotations.NullMarked;
