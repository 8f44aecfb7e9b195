package dev.changeover.contract;

/** A provider or route that a gateway cannot read, and why: a newer operator's words, mostly. */
public record UnusableObject(Kind kind, ObjectName name, String message) {
  /** Which of the two resource kinds. */
  public enum Kind {
    LlmProvider,
    LlmRoute
  }
}
