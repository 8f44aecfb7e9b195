/**
 * What the resources mean becomes what gateways are told.
 *
 * <p>A FleetModel comes in; a FleetConfig, the Credentials apart from it and a digest per object go
 * out: sorted, free of times, the same bytes for the same model. This package must never know
 * earlier configurations, revisions, gateways, or why anything is as it is.
 */
@NullMarked
package dev.changeover.operator.compile;

import org.jspecify.annotations.NullMarked;
