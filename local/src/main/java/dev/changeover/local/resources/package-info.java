/**
 * Resource files as a person writes them. In: a file or a folder of YAML or JSON, and the
 * environment. Out: the resources, complete and judged as an API server would judge them, or one
 * sentence that says what to do. This package must never know the API server they go to.
 */
@NullMarked
package dev.changeover.local.resources;

import org.jspecify.annotations.NullMarked;
