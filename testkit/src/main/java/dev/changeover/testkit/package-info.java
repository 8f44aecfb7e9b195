/** Simulated providers with faults, golden folders, seeds, architecture rules. */
@NullMarked
package dev.changeover.testkit;

import org.jspecify.annotations.NullMarked;
