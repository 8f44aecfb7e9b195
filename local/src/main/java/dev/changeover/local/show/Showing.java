package dev.changeover.local.show;

/** What came of a question to the API server. */
public sealed interface Showing {
  /** There is something: the text, complete with its line ends. */
  record Shown(String text) implements Showing {}

  /** There is nothing, and the sentence says so. */
  record Nothing(String sentence) implements Showing {}
}
