package dev.changeover.gateway.dialect;

/**
 * What one event of a provider's stream comes to.
 *
 * @param toCaller the bytes for the caller, often empty; to be held back until a step commits
 */
// The hot path hands bytes over as they are; nobody compares these records.
@SuppressWarnings("ArrayRecordComponent")
public record StreamStep(byte[] toCaller, Meaning meaning) {
  /** Whether this step carries what the model said, so that the caller is to see it at once. */
  public boolean hasContent() {
    return switch (meaning) {
      case Meaning.Content _ -> true;
      case Meaning.Finish finish -> finish.withContent();
      case Meaning.Quiet _,
          Meaning.Counted _,
          Meaning.End _,
          Meaning.ErrorEvent _,
          Meaning.Malformed _ ->
          false;
    };
  }
}
