/** What operator and gateway say to each other. */
@NullMarked
package dev.changeover.contract;

import org.jspecify.annotations.NullMarked;
