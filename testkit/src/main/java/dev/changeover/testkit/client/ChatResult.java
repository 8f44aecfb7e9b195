package dev.changeover.testkit.client;

import java.util.Map;
import java.util.Optional;

/** How a call ended, as a caller has to see it. */
public sealed interface ChatResult {
  Reply reply();

  /** A whole answer: the dialect's grammar held until its end. */
  record Complete(Reply reply, String text, String finishReason, Usage usage)
      implements ChatResult {}

  /**
   * An error in the caller's own shape.
   *
   * @param code OpenAI's code, empty where there is none
   * @param inStream whether it came as an event in a stream that had begun with a 200
   * @param textBefore what had been said before it
   */
  record HonestError(
      Reply reply, String type, String code, String message, boolean inStream, String textBefore)
      implements ChatResult {}

  /** Neither of both: cut, or against the grammar, or in nobody's shape. */
  record Broken(Reply reply, String reason, String textBefore) implements ChatResult {}

  /** The caller went away on purpose. */
  record Left(Reply reply) implements ChatResult {}

  /** Tokens as reported; 0 where they were not. */
  record Usage(long inputTokens, long outputTokens) {
    static final Usage NONE = new Usage(0, 0);
  }

  /**
   * The reply around a result.
   *
   * @param status 0 where none came
   * @param headers by name in lower case
   * @param firstByteNanos from sending to the body's first byte; 0 where none came
   * @param nanos from sending to the end
   */
  record Reply(
      ChatCall call, int status, Map<String, String> headers, long firstByteNanos, long nanos) {
    public Reply {
      headers = Map.copyOf(headers);
    }

    public Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name));
    }

    /** Who says to have answered; empty where nobody says it. */
    public String provider() {
      return header("x-changeover-provider").orElse("");
    }

    public String model() {
      return header("x-changeover-model").orElse("");
    }

    public String route() {
      return header("x-changeover-route").orElse("");
    }

    /** Why the preferred target did not serve; empty where it did. */
    public String reason() {
      return header("x-changeover-reason").orElse("");
    }

    /** How many attempts were made; 0 where nobody says it. */
    public int attempts() {
      return header("x-changeover-attempts")
          .filter(value -> value.matches("\\d{1,6}"))
          .map(Integer::parseInt)
          .orElse(0);
    }
  }
}
