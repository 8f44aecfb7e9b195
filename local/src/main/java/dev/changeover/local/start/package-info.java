/**
 * What keeps a command from starting. In: ports that are wanted. Out: nothing, or a sentence that
 * says what to do. This package must never know what is started.
 */
@NullMarked
package dev.changeover.local.start;

import org.jspecify.annotations.NullMarked;
