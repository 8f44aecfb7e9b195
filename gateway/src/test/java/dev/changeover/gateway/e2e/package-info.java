/**
 * The gateway from end to end: whole gateways over real HTTP before simulated providers.
 *
 * <p>In come faults, vendors' SDKs and bad input; out come judgements by an independent client, by
 * the providers' ledgers, by the metrics and by the holds. Nothing here may know how the gateway
 * does it: only its public words.
 */
@NullMarked
package dev.changeover.gateway.e2e;

import org.jspecify.annotations.NullMarked;
