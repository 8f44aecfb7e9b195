package dev.changeover.gateway.upstream;

/** What comes next of a reply's body. */
public sealed interface Piece {
  /** Some bytes, never none. */
  // The hot path hands bytes over as they are; nobody compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  record Bytes(byte[] bytes) implements Piece {}

  /** The body is over, and whole as far as its framing tells. */
  record End() implements Piece {}

  record Cut(Lost lost) implements Piece {}
}
