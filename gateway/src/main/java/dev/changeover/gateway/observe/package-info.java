/**
 * What a gateway says about itself. In come records of finished attempts and requests; out go log
 * lines and metrics, both from the same record. Label values come from the configuration alone.
 *
 * <p>The package must never know a prompt, an answer, a key or a header, nor change what is done.
 */
@NullMarked
package dev.changeover.gateway.observe;

import org.jspecify.annotations.NullMarked;
