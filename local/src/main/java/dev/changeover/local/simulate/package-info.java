/**
 * Two simulated providers to rehearse a ban with. In: ports and a person's words. Out: real HTTP in
 * both vendors' dialects. This package must never know who calls them.
 */
@NullMarked
package dev.changeover.local.simulate;

import org.jspecify.annotations.NullMarked;
