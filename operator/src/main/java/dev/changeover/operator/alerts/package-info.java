/**
 * What the resources mean becomes the alert rules that watch them.
 *
 * <p>A FleetModel comes in; records of our own go out, one AlertRules a PrometheusRule to be
 * written. This package must never know PrometheusRule itself, whether the cluster has it, or how
 * any provider fares now.
 */
@NullMarked
package dev.changeover.operator.alerts;

import org.jspecify.annotations.NullMarked;
