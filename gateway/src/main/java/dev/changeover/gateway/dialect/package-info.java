/**
 * The providers' languages. In: the bytes of a caller's request, of a provider's answer or of its
 * stream, and facts about one target. Out: the bytes for the other side, and what they mean. When
 * both sides speak the same dialect the bytes pass as they are; otherwise they go through one
 * neutral model, with one codec a dialect. This package must never know sockets, headers, routes,
 * holds or the reasons that failures are filed under, and no bytes make it throw.
 */
@NullMarked
package dev.changeover.gateway.dialect;

import org.jspecify.annotations.NullMarked;
