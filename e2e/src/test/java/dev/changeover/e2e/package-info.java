/**
 * Tests on a real Kubernetes. What comes in is a cluster, ours or the user's; what goes out are
 * resources as anybody would apply them, our programs as processes or pods, and judgements over
 * what kubectl, callers and the audit log show. Nothing in here may look into a program but from
 * outside.
 */
@NullMarked
package dev.changeover.e2e;

import org.jspecify.annotations.NullMarked;
