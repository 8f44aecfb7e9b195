package dev.changeover.gateway.dialect;

import java.util.List;
import java.util.Optional;

/**
 * One attempt's stream, event by event: what each means, and the bytes for the caller. Where both
 * sides speak one dialect these are the provider's own. Not thread-safe; one relay an attempt.
 */
// The bodies follow with the next change; the shape is for others to compile against.
@SuppressWarnings({"DoNotCallSuggester", "UnusedMethod"})
public final class StreamRelay {
  private StreamRelay() {}

  public static StreamRelay of(InboundRequest request, Dialect outbound, ReplyContext context) {
    throw new UnsupportedOperationException("follows: " + request.dialect() + outbound + context);
  }

  /** Takes the provider's next event. */
  public StreamStep on(SseEvent event) {
    throw new UnsupportedOperationException("follows: " + event);
  }

  /**
   * What is still to be sent at the end of the provider's stream, so that the caller sees a
   * complete one although the terminal marker is missing. Empty when nothing is missing, and when
   * the stream is not {@link #complete}.
   */
  public byte[] finish() {
    throw new UnsupportedOperationException("follows");
  }

  /** Whether a finish or stop reason was seen for everything that was begun. */
  public boolean complete() {
    throw new UnsupportedOperationException("follows");
  }

  /** Whether any content was seen. */
  public boolean contentSeen() {
    throw new UnsupportedOperationException("follows");
  }

  /** Whether a tool call has begun and is not over. */
  public boolean openToolCall() {
    throw new UnsupportedOperationException("follows");
  }

  /** The tokens as last counted by the provider. */
  public Optional<Usage> usage() {
    throw new UnsupportedOperationException("follows");
  }

  public Optional<StopReason> stopReason() {
    throw new UnsupportedOperationException("follows");
  }

  /** The provider's id of the answer. */
  public Optional<String> id() {
    throw new UnsupportedOperationException("follows");
  }

  /** The model that the provider names. */
  public Optional<String> model() {
    throw new UnsupportedOperationException("follows");
  }

  /** What the caller's dialect has no word for and was left out (the model's reasoning). */
  public List<String> leftOut() {
    throw new UnsupportedOperationException("follows");
  }
}
