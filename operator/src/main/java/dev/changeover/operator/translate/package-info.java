/**
 * What was read of the cluster becomes what it means.
 *
 * <p>A ClusterView comes in; a FleetModel and the problems found go out. Checks are lists, and the
 * first finding wins. A broken resource stays visible and harms only itself: a target that cannot
 * be called becomes Unusable with the reason. This package must never know what earlier passes
 * found, how gateways fare, or where its findings are written; and it throws for nothing that can
 * be written into a resource.
 */
@NullMarked
package dev.changeover.operator.translate;

import org.jspecify.annotations.NullMarked;
