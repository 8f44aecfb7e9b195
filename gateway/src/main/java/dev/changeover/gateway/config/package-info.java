/**
 * The configuration that serves now. In come revisions, from the control channel or from a mounted
 * folder; out goes an immutable {@link dev.changeover.gateway.config.RoutingTable}, swapped whole.
 * What cannot be read is refused or marked unusable, and the last good table stays.
 *
 * <p>The package must never know requests, holds or Kubernetes.
 */
@NullMarked
package dev.changeover.gateway.config;

import org.jspecify.annotations.NullMarked;
