/**
 * What {@code get} shows. In: a kind, a namespace, a format, and the JSON that an API server
 * answers. Out: text as kubectl prints it. This package must never know whether the API server is
 * in this process or in another.
 */
@NullMarked
package dev.changeover.local.show;

import org.jspecify.annotations.NullMarked;
