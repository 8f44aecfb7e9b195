/**
 * What to try next. In come the run so far, the health of its targets and the time; out goes one
 * {@link dev.changeover.gateway.plan.Next}: a step, or the reason to stop. Everything here is pure
 * but the order of a balancing strategy, which counts and draws lots.
 *
 * <p>The package must never know bodies, dialects or connections, and it changes no hold.
 */
@NullMarked
package dev.changeover.gateway.plan;

import org.jspecify.annotations.NullMarked;
