/**
 * What stands in the cluster, read into plain values. In: informers on both kinds, and on those
 * Secrets that a provider refers to. Out: a ClusterView, once everything of it has been read, and a
 * wake for whoever computes. This package must never know what a resource means, nor write one.
 */
@NullMarked
package dev.changeover.operator.watch;

import org.jspecify.annotations.NullMarked;
