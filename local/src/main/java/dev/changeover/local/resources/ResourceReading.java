package dev.changeover.local.resources;

import java.util.List;

/** What came of reading resource files: all of them, or nothing. */
public sealed interface ResourceReading {
  /** Every resource, Secrets first, then providers, then routes. */
  record Accepted(List<Resource> resources) implements ResourceReading {
    public Accepted {
      resources = List.copyOf(resources);
    }
  }

  /** The sentence that says what is wrong and what to do; it never quotes a Secret. */
  record Refused(String sentence) implements ResourceReading {}
}
