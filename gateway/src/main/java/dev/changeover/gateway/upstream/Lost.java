package dev.changeover.gateway.upstream;

import dev.changeover.gateway.classify.Phase;
import dev.changeover.gateway.classify.TransportFault;

/** Why nothing more comes from an exchange. */
public sealed interface Lost {
  /**
   * The network's fault, or that of what is at its other end.
   *
   * @param reusedConnection whether the connection had carried an earlier exchange, so that its
   *     reset may only mean that the other side had closed it
   */
  record Fault(TransportFault fault, boolean reusedConnection) implements Lost {}

  /** A deadline of the provider's passed. */
  record Late(Phase phase) implements Lost {}

  /** The caller's own deadline passed, before any of the provider's. */
  record OutOfTime() implements Lost {}

  /** The exchange was aborted on this side. */
  record Aborted() implements Lost {}
}
