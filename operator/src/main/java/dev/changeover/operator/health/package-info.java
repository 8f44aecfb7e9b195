/**
 * What the gateways say, put together to one picture of the fleet.
 *
 * <p>Their messages come in one at a time, with the name of the gateway and the time; a FleetHealth
 * goes out, which holds the joined holds, summed figures, who has which configuration, and which
 * probes are due. This package must never know how messages travel, what is written into a status,
 * or which state follows from a hold.
 */
@NullMarked
package dev.changeover.operator.health;

import org.jspecify.annotations.NullMarked;
