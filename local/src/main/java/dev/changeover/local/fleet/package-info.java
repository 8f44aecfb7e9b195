/**
 * Operator, gateways and an embedded API server in this process. In: resources, ports, clocks. Out:
 * a fleet that serves on loopback, its metrics on one page, and changes of the resources applied
 * while it runs. This package must never know which command wants it.
 */
@NullMarked
package dev.changeover.local.fleet;

import org.jspecify.annotations.NullMarked;
