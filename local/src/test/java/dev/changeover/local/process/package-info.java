/**
 * The programs as processes: their class path, their arguments, their signals, their logs. What
 * comes in are resources, folders and requests; what goes out is what anybody outside could see.
 * Nothing in here may look into a process but through its ports, its output and its exit status.
 */
@NullMarked
package dev.changeover.local.process;

import org.jspecify.annotations.NullMarked;
