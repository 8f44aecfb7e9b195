/**
 * The demonstration. In: a running fleet, two simulated providers and an output. Out: a ban while
 * requests are in flight, told as it happens, and whether anything was lost. This package must
 * never know how the fleet is put together.
 */
@NullMarked
package dev.changeover.local.demo;

import org.jspecify.annotations.NullMarked;
