package dev.changeover.local.resources;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.contract.ObjectName;

/** One resource, ready for the API server. Its text may hold a Secret's data. */
public record Resource(Kind kind, ObjectName name, ObjectNode json) {
  /** The kinds that can be given, in the order in which they are applied. */
  public enum Kind {
    Secret,
    LlmProvider,
    LlmRoute
  }

  @Override
  public String toString() {
    return kind + " " + name;
  }
}
