/**
 * Who the operator is, and who a gateway is. In: the keys of the operator's own CA, the keys that
 * the cluster signs tokens with, a token, the time. Out: certificates, and the pod that a token
 * names or why it names none. This package must never read or write a Secret or a socket, nor say a
 * key or a token in a message.
 */
@NullMarked
package dev.changeover.operator.identity;

import org.jspecify.annotations.NullMarked;
