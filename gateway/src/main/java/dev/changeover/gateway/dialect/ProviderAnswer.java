package dev.changeover.gateway.dialect;

import java.util.Optional;

/** A provider's whole answer: its bytes, and what they say. Immutable. */
// The bodies follow with the next change; the shape is for others to compile against.
@SuppressWarnings({"DoNotCallSuggester", "UnusedMethod"})
public final class ProviderAnswer {
  private ProviderAnswer() {}

  /** Reads a 200's body; any bytes give an answer, none an exception. */
  public static ProviderAnswer read(Dialect outbound, byte[] body) {
    throw new UnsupportedOperationException("follows: " + outbound + body.length);
  }

  /** Why this is no answer, when it is none: not JSON, an error, no choice, nothing said. */
  public Optional<String> unusable() {
    throw new UnsupportedOperationException("follows");
  }

  /** Whether there is any text. */
  public boolean hasText() {
    throw new UnsupportedOperationException("follows");
  }

  public Optional<StopReason> stopReason() {
    throw new UnsupportedOperationException("follows");
  }

  public Optional<Usage> usage() {
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

  /** The body for the caller: the very same bytes where both sides speak one dialect. */
  public Rendering toCaller(Dialect inbound, ReplyContext context) {
    throw new UnsupportedOperationException("follows: " + inbound + context);
  }
}
