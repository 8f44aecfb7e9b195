package dev.changeover.gateway.dialect;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One block of a server-sent event stream, up to and including its blank line.
 *
 * @param name the {@code event:} field
 * @param data the {@code data:} lines, joined by line feeds; empty for comments and keep-alives
 * @param raw the block's own bytes, never written to
 */
// The hot path hands bytes over as they are; nobody compares these records.
@SuppressWarnings("ArrayRecordComponent")
public record SseEvent(Optional<String> name, byte[] data, byte[] raw) {
  /** Whether the block says nothing: only comments, retry hints or blank lines. */
  public boolean isSilent() {
    return name.isEmpty() && data.length == 0;
  }

  /** The data as text. */
  public String text() {
    return new String(data, StandardCharsets.UTF_8);
  }
}
