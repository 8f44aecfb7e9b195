/**
 * The gateway's end of the control channel. In: operators' words, over WebSockets that this end
 * dials. Out: configurations to the store, holds to the board, probes to whoever makes them; back
 * go answers, holds and figures, of each kind only the newest. A silent operator is dropped and
 * dialled again. This package must never know a request, nor log a message's text: it holds keys.
 */
@NullMarked
package dev.changeover.gateway.channel;

import org.jspecify.annotations.NullMarked;
