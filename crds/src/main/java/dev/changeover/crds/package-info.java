/** The resource types, their CRDs and their rules. */
@NullMarked
package dev.changeover.crds;

import org.jspecify.annotations.NullMarked;
