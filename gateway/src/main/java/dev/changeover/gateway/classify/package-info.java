/**
 * What a provider's answer means. In come status, headers and body of a reply, an event of a
 * stream, or a fault of the connection; out goes an {@link
 * dev.changeover.gateway.classify.Outcome}: delivered, or a failure with reason, scope and stated
 * wait. Every function here is pure and no input makes one throw.
 *
 * <p>The package must never know routes, targets, holds or keys, nor what is done about a failure,
 * and no free text of a reply leaves it except back to the caller whose request caused it.
 */
@NullMarked
package dev.changeover.gateway.classify;

import org.jspecify.annotations.NullMarked;
