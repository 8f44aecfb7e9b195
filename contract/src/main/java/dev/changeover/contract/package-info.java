/**
 * What operator and gateway say to each other: configuration, credentials, holds and the channel's
 * messages. In: nothing but JSON. Out: immutable values whose constructors refuse what is not
 * valid, and canonical JSON (sorted, no timestamps of its own), so that equal values are equal
 * bytes. This package must never know Kubernetes, HTTP or a provider's dialect.
 */
@NullMarked
package dev.changeover.contract;

import org.jspecify.annotations.NullMarked;
