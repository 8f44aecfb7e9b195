/**
 * What the operator writes. In: a compiled configuration, statuses, Events, rules and holds, all
 * computed elsewhere. Out: the configuration for the channel, and writes to the API server, only
 * where something has changed and never faster than is good for it. This package must never know
 * why a status is what it is, nor decide what is told.
 */
@NullMarked
package dev.changeover.operator.publish;

import org.jspecify.annotations.NullMarked;
