package dev.changeover.gateway.health;

import dev.changeover.contract.Hold;
import dev.changeover.contract.HoldKey;

/**
 * A hold that keeps requests away now.
 *
 * @param fleetWide whether every gateway holds, or this one alone
 */
public record HoldInForce(HoldKey key, Hold hold, boolean fleetWide) {}
