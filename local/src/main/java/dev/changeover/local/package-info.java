/** Operator, gateways, API server and simulated providers in one JVM. */
@NullMarked
package dev.changeover.local;

import org.jspecify.annotations.NullMarked;
