/**
 * What is meant, what is wrong with it and how the fleet fares become the words people read.
 *
 * <p>A StatusInput comes in; the status of each resource and the Events about its changes go out.
 * What was said before decides only since when something is so, and whether it is worth a write.
 * This package must never know how a status or an Event is written, or what the time is but by its
 * argument.
 */
@NullMarked
package dev.changeover.operator.status;

import org.jspecify.annotations.NullMarked;
