package dev.changeover.gateway.dialect;

import java.util.Optional;

/** What became of a caller's body: a request, or the caller's mistake. */
public sealed interface Reading {
  /** A request that can be routed. */
  record Understood(InboundRequest request) implements Reading {}

  /**
   * The caller's mistake.
   *
   * @param message what is wrong and what to do, in a sentence for the caller; no part of a prompt
   * @param param the field it is about
   * @param status the HTTP status to answer with, a 4xx
   */
  record Mistaken(String message, Optional<String> param, int status) implements Reading {
    public Mistaken {
      if (status < 400 || status > 499) {
        throw new IllegalArgumentException("a caller's mistake is a 4xx, not " + status);
      }
    }
  }
}
