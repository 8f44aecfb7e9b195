package dev.changeover.crds;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What was written in place of a spec, kept as it was: a copy made through JSON must be as
 * unreadable as its original. It stays out of {@code toString}, since it may hold anything.
 */
public record UnreadableSpec(JsonNode written, String message) {

  @Override
  public String toString() {
    return "UnreadableSpec[" + message + "]";
  }
}
