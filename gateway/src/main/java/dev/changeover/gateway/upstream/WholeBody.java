package dev.changeover.gateway.upstream;

/** A reply's body read to its end, or why it could not be. */
public sealed interface WholeBody {
  // The hot path hands bytes over as they are; nobody compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  record Read(byte[] bytes) implements WholeBody {}

  /** Longer than the bound; the rest was not read. */
  // The hot path hands bytes over as they are; nobody compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  record TooLong(byte[] start) implements WholeBody {}

  /** Why the rest did not come, and what came before. */
  // The hot path hands bytes over as they are; nobody compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  record Cut(Lost lost, byte[] start) implements WholeBody {}
}
