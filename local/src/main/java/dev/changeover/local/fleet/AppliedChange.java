package dev.changeover.local.fleet;

import java.util.ArrayList;
import java.util.List;

/** What applying resources did, each named by kind and name. */
record AppliedChange(List<String> added, List<String> changed, List<String> removed) {
  AppliedChange {
    added = List.copyOf(added);
    changed = List.copyOf(changed);
    removed = List.copyOf(removed);
  }

  boolean isNothing() {
    return added.isEmpty() && changed.isEmpty() && removed.isEmpty();
  }

  /** One line. */
  String line() {
    List<String> parts = new ArrayList<>();
    part(parts, "added", added);
    part(parts, "changed", changed);
    part(parts, "removed", removed);
    return String.join("; ", parts);
  }

  private static void part(List<String> parts, String what, List<String> names) {
    if (!names.isEmpty()) {
      parts.add(what + " " + String.join(", ", names));
    }
  }
}
