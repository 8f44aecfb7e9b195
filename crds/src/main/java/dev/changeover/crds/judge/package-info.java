/**
 * Judges a resource as an API server would before it stores it, with no API server.
 *
 * <p>In come a resource as JSON and the committed CRD of its kind; out go findings in the API
 * server's own words, each with the field it speaks of, or the resource with its defaults filled
 * in. This package must never know what a field means: what it enforces stands in the CRDs.
 */
@NullMarked
package dev.changeover.crds.judge;

import org.jspecify.annotations.NullMarked;
