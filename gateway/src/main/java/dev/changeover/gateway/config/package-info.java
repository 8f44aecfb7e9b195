/**
 * The configuration that serves now. In come revisions, from the control channel, from a mounted
 * folder or from the last good copy; out go an immutable {@link
 * dev.changeover.gateway.config.RoutingTable}, swapped whole, and the next last good copy. What
 * cannot be read is refused or marked unusable, and the last good table stays.
 *
 * <p>The package must never know requests or Kubernetes, and passes holds on as they are.
 */
@NullMarked
package dev.changeover.gateway.config;

import org.jspecify.annotations.NullMarked;
