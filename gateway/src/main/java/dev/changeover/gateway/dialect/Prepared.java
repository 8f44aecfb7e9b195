package dev.changeover.gateway.dialect;

import java.util.List;

/** A caller's request as one target takes it, or why that target cannot take it. */
public sealed interface Prepared {
  /**
   * The body to send.
   *
   * @param body never written to; it may be the caller's own array
   * @param path what follows the provider's base URL, with a leading slash
   * @param adjustments what was changed or left out on the way, a short phrase each, beginning with
   *     the field's name; empty when all that the caller wrote is carried
   */
  // The hot path hands bytes over as they are; nobody compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  record Ready(byte[] body, String path, List<String> adjustments) implements Prepared {
    public Ready {
      adjustments = List.copyOf(adjustments);
    }
  }

  /**
   * The target cannot carry this request without losing something that matters.
   *
   * @param reason names the field, and why where that is not plain: {@code tools}
   */
  record Ineligible(String reason) implements Prepared {}
}
