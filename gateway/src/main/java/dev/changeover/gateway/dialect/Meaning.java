package dev.changeover.gateway.dialect;

/** What one event of a provider's stream means for the attempt. */
public sealed interface Meaning {
  /** No substance: a role, a start, a ping, a comment, a block's border, an unknown event. */
  record Quiet() implements Meaning {}

  /** Something that the model said: text, reasoning, a tool call, a refusal. */
  record Content() implements Meaning {}

  /**
   * The model is done. From here on a missing terminal marker is no break.
   *
   * @param withContent whether the same event also carried content
   */
  record Finish(StopReason reason, boolean withContent) implements Meaning {}

  /** Tokens were counted; later counts replace earlier ones. */
  record Counted(Usage usage) implements Meaning {}

  /** The vendor's terminal marker. */
  record End() implements Meaning {}

  /**
   * The provider's error inside the stream. Nothing of it goes to the caller.
   *
   * @param eventName the {@code event:} field, or empty
   * @param data the event's JSON, for the classifier
   */
  // The classifier takes a body as bytes; nobody compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  record ErrorEvent(String eventName, byte[] data) implements Meaning {}

  /**
   * An event that cannot be read. Nothing of it goes to the caller.
   *
   * @param skippable false while a tool call or structured output is open: the stream is broken
   */
  record Malformed(String what, boolean skippable) implements Meaning {}
}
