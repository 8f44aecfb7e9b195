package dev.changeover.operator.health;

import dev.changeover.contract.HoldKey;

/** A probe that is due, and the gateway to be asked. */
public record ProbeOrder(HoldKey key, String gateway) {}
