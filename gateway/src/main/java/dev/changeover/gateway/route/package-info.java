/**
 * Which route answers a model's name. In come a {@link dev.changeover.gateway.config.RoutingTable},
 * a namespace and a name; out goes a {@link dev.changeover.gateway.route.RouteMatch}.
 *
 * <p>The package must never know who calls, which targets are held or what is sent.
 */
@NullMarked
package dev.changeover.gateway.route;

import org.jspecify.annotations.NullMarked;
