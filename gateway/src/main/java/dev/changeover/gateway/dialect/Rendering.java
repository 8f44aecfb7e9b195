package dev.changeover.gateway.dialect;

import java.util.List;

/** A provider's whole answer in the caller's dialect, or why it cannot be said there. */
public sealed interface Rendering {
  /**
   * The body for the caller.
   *
   * @param leftOut what the caller's dialect has no word for (the model's reasoning), if anything
   */
  // The hot path hands bytes over as they are; nobody compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  record Rendered(byte[] body, List<String> leftOut) implements Rendering {
    public Rendered {
      leftOut = List.copyOf(leftOut);
    }
  }

  /** The answer holds something that must not be lost and cannot be said; as good as malformed. */
  record Unsayable(String why) implements Rendering {}
}
