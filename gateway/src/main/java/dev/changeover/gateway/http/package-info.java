/**
 * The callers' side of a gateway. In come HTTP requests; out go answers, or errors in the caller's
 * own dialect, always with the headers that say who answered and why. Every request leaves one
 * record, which its log line, its metrics and its headers agree with.
 *
 * <p>The package must never know what a provider's reply means, nor decide what is tried.
 */
@NullMarked
package dev.changeover.gateway.http;

import org.jspecify.annotations.NullMarked;
