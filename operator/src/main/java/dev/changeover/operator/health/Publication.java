package dev.changeover.operator.health;

import dev.changeover.contract.Revision;
import java.time.Instant;

/**
 * The last change of one object: the revision with which the gateways were first told what they
 * should know of it now.
 *
 * @param firstOfProcess whether nothing was published before it: to a new operator, all is new
 */
record Publication(String digest, Revision revision, Instant at, boolean firstOfProcess) {}
