/**
 * What this gateway counted lately. In come attempts and requests that have ended; out go the
 * figures of the last five minutes, for the operator. The metrics' names live elsewhere.
 *
 * <p>The package must never know bodies, holds or the control channel's connection.
 */
@NullMarked
package dev.changeover.gateway.meter;

import org.jspecify.annotations.NullMarked;
