/**
 * What the operator shows over HTTP. In: the metrics text and whether the operator is ready. Out:
 * GET answers, and nothing else. This package must never know Kubernetes, nor show a key.
 */
@NullMarked
package dev.changeover.operator.page;

import org.jspecify.annotations.NullMarked;
