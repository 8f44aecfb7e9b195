/**
 * Our programs as processes, and what stands around them: the folder that a kubelet would mount,
 * callers that go on asking. What comes in are main classes, arguments and signals; what goes out
 * is what anybody outside could see. Nothing in here may look into a process but through its ports,
 * its output and its exit status, and nothing may know Kubernetes.
 */
@NullMarked
package dev.changeover.testkit.process;

import org.jspecify.annotations.NullMarked;
