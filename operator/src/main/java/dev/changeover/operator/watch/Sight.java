package dev.changeover.operator.watch;

import dev.changeover.operator.model.ClusterView;

/** What the watches make out of the cluster. */
public sealed interface Sight {
  /** Everything was read, or has no answer within its time. */
  record Whole(ClusterView view) implements Sight {}

  /** A part is still unread. */
  record Partial() implements Sight {}

  /** No Secret that a provider refers to could ever be read: what was published before stands. */
  record Blind() implements Sight {}
}
