package dev.changeover.gateway.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;

/** Errors in the caller's own shape, as a body or as the last event of a stream. */
public final class ErrorBodies {
  private ErrorBodies() {}

  /** The body of an error reply. */
  public static byte[] body(Dialect dialect, CallerError error) {
    return Json.bytes(node(dialect, error));
  }

  /**
   * The event that ends a broken stream honestly: no {@code [DONE]} and no {@code message_stop}
   * follows it.
   */
  public static byte[] streamEvent(Dialect dialect, CallerError error) {
    String event =
        switch (dialect) {
          case OPENAI_CHAT, GENERATE -> "";
          case ANTHROPIC_MESSAGES -> "event: error\n";
        };
    return (event + "data: " + Json.text(node(dialect, error)) + "\n\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static ObjectNode node(Dialect dialect, CallerError error) {
    ObjectNode body = Json.object();
    switch (dialect) {
      case OPENAI_CHAT ->
          body.putObject("error")
              .put("message", error.message())
              .put("type", error.openAiType())
              .put("param", error.param().orElse(null))
              .put("code", error.code());
      case ANTHROPIC_MESSAGES -> {
        body.put("type", "error");
        body.putObject("error").put("type", error.anthropicType()).put("message", error.message());
        body.put("request_id", error.requestId());
      }
      case GENERATE ->
          body.putObject("error")
              .put("reason", error.reason())
              .put("message", error.message())
              .put("request_id", error.requestId());
    }
    return body;
  }
}
