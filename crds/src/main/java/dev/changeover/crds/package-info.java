/**
 * The two resource types as they are written and shown, and the CRDs generated from them.
 *
 * <p>In comes what people apply; out go specs whose defaults are filled in, or one sentence saying
 * why a spec could not be read: nothing that is written in a resource can make its reading fail.
 * Status is a value that the operator fills and never reads back. This package must never know what
 * the fields mean to a gateway, nor call an API server.
 */
@NullMarked
package dev.changeover.crds;

import org.jspecify.annotations.NullMarked;
