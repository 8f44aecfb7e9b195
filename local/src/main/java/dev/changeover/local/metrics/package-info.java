/**
 * Several programs' metrics as one page. In: Prometheus texts and the label that tells their
 * sources apart. Out: one text that is valid itself. This package must never know what is measured.
 */
@NullMarked
package dev.changeover.local.metrics;

import org.jspecify.annotations.NullMarked;
