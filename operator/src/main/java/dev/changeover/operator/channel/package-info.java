/**
 * The operator's end of the control channel. In: WebSocket connections that gateways dial. Out:
 * what gateways say, as contract messages to one listener; to each gateway the newest
 * configuration, the fleet's holds and probes. Nothing waits in a queue without a bound, and a
 * silent gateway is let go. This package must never know Kubernetes, nor log a message's text.
 */
@NullMarked
package dev.changeover.operator.channel;

import org.jspecify.annotations.NullMarked;
