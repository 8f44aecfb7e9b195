/** Kubernetes in; configuration, holds, statuses, Events and rules out. */
@NullMarked
package dev.changeover.operator;

import org.jspecify.annotations.NullMarked;
