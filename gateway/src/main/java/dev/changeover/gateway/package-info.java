/** HTTP in, provider calls out. */
@NullMarked
package dev.changeover.gateway;

import org.jspecify.annotations.NullMarked;
