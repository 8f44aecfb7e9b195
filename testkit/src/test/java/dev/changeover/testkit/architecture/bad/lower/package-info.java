/** A fixture of the architecture tests: each class breaks one rule. */
@NullMarked
package dev.changeover.testkit.architecture.bad.lower;

import org.jspecify.annotations.NullMarked;
