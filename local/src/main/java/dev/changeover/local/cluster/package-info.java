/**
 * An API server inside this JVM. In: requests of any fabric8 client. Out: what a real server would
 * answer, as far as the operator asks for it: server-side apply, merge patches and the status
 * subresource included. It judges nothing, defaults nothing and forgets all when it stops. This
 * package must never know the operator or a gateway.
 */
@NullMarked
package dev.changeover.local.cluster;

import org.jspecify.annotations.NullMarked;
