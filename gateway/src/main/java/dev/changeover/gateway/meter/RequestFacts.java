package dev.changeover.gateway.meter;

import dev.changeover.contract.ObjectName;
import java.util.Optional;

/**
 * One request that has ended.
 *
 * @param failedOver whether it was moved to another target
 * @param servedBy the target that answered, if one did
 */
public record RequestFacts(ObjectName route, boolean failedOver, Optional<String> servedBy) {}
