/**
 * The values that the operator's stages hand on: what was read of the cluster, what it is meant to
 * be, and what is wrong with it.
 *
 * <p>Nothing comes in but constructor arguments, and nothing goes out but values. This package must
 * never know Kubernetes, a clock, or how any of its values is written anywhere.
 */
@NullMarked
package dev.changeover.operator.model;

import org.jspecify.annotations.NullMarked;
