package dev.changeover.gateway.classify;

/** The part of a call whose deadline passed. */
public enum Phase {
  /** Until the connection stood. */
  CONNECT("connect"),
  /** From sending the request to the first content of a stream. */
  FIRST_TOKEN("first-token"),
  /** Between two events of a stream. */
  IDLE("idle"),
  /** From sending the request to the end of an answer that is not streamed. */
  ANSWER("answer"),
  /** The whole call. */
  TOTAL("total");

  private final String word;

  Phase(String word) {
    this.word = word;
  }

  /** The name in the rule of a failure, such as {@code first-token-deadline}. */
  String word() {
    return word;
  }
}
