package dev.changeover.gateway.dialect;

import java.util.Optional;

/** A caller's request: its bytes, and what one scan of them found. Immutable. */
// The bodies follow with the next change; the shape is for others to compile against.
@SuppressWarnings({"DoNotCallSuggester", "UnusedMethod"})
public final class InboundRequest {
  /** The longest model name, in characters. */
  public static final int MODEL_NAME_MAX = 256;

  private final Dialect dialect;

  private InboundRequest(Dialect dialect) {
    this.dialect = dialect;
  }

  /** Reads a body; any bytes give an answer, none an exception. The body is never written to. */
  public static Reading read(Dialect dialect, byte[] body) {
    throw new UnsupportedOperationException("follows: " + dialect + body.length);
  }

  public Dialect dialect() {
    return dialect;
  }

  /** The name the caller asks for; empty only in {@link Dialect#GENERATE}, where it is optional. */
  public Optional<String> model() {
    throw new UnsupportedOperationException("follows");
  }

  /** Whether the caller wants a stream. */
  public boolean streaming() {
    throw new UnsupportedOperationException("follows");
  }

  /** The body's size in bytes. */
  public int size() {
    throw new UnsupportedOperationException("follows");
  }

  /**
   * The request as one target takes it.
   *
   * @param outbound what the target's provider speaks
   */
  public Prepared forTarget(Dialect outbound, TargetShape target) {
    throw new UnsupportedOperationException("follows: " + outbound + target);
  }
}
