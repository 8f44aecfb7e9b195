/**
 * Calls at providers. In: one call, with the provider's origin, its key and the body to send. Out:
 * an exchange whose reply is read piece by piece, each wait with its own bound; whatever the
 * network does wrong comes out as a value. A key leaves here in one header of one request, and
 * nowhere else.
 *
 * <p>The package must never know routes, targets, holds or callers, nor what is done about a
 * failure.
 */
@NullMarked
package dev.changeover.gateway.upstream;

import org.jspecify.annotations.NullMarked;
