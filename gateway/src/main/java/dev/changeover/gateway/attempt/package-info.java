/**
 * One request's attempts. In come a caller's request, its route and the caller's connection; out
 * goes an answer to the caller, as soon as one provider has begun it, and a record of all that was
 * tried. Before first content everything that goes wrong leads to the planner's next step; after it
 * to an honest end.
 *
 * <p>The package must never know HTTP on the caller's side, nor decide what to try or what to hold:
 * the planner and the health board do.
 */
@NullMarked
package dev.changeover.gateway.attempt;

import org.jspecify.annotations.NullMarked;
