package dev.changeover.testkit.client;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.testkit.provider.Dialect;
import java.util.Map;
import java.util.TreeMap;

/**
 * One chat request as a caller makes it.
 *
 * @param tag a {@code #word} that the prompt carries and that a simulated answer repeats
 * @param headers besides those that the dialect needs
 * @param leaveAfterBytes how much of the reply's body to take before going away; 0 takes all
 */
public record ChatCall(
    Dialect dialect,
    String path,
    String tag,
    boolean streaming,
    String body,
    Map<String, String> headers,
    int leaveAfterBytes) {
  private static final int MAX_TOKENS = 1_000;

  public ChatCall {
    headers = Map.copyOf(headers);
  }

  /** A short question with this tag. */
  public static ChatCall of(Dialect dialect, String model, String tag, boolean streaming) {
    String path =
        switch (dialect) {
          case OPENAI -> "/v1/chat/completions";
          case ANTHROPIC -> "/v1/messages";
        };
    String body = question(dialect, model, tag, streaming);
    return new ChatCall(dialect, path, tag, streaming, body, Map.of(), 0);
  }

  /** The same call to another path, such as one with a namespace before it. */
  public ChatCall at(String newPath) {
    return new ChatCall(dialect, newPath, tag, streaming, body, headers, leaveAfterBytes);
  }

  /** The same call with one more header. */
  public ChatCall with(String header, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(header, value);
    return new ChatCall(dialect, path, tag, streaming, body, more, leaveAfterBytes);
  }

  /** The same call with any body, sound or not. */
  public ChatCall withBody(String newBody) {
    return new ChatCall(dialect, path, tag, streaming, newBody, headers, leaveAfterBytes);
  }

  /** The same call by a caller who goes away early. */
  public ChatCall leavingAfter(int bytes) {
    return new ChatCall(dialect, path, tag, streaming, body, headers, bytes);
  }

  private static String question(Dialect dialect, String model, String tag, boolean streaming) {
    ObjectNode body =
        JsonNodeFactory.instance.objectNode().put("model", model).put("max_tokens", MAX_TOKENS);
    if (streaming) {
      body.put("stream", true);
    }
    if (streaming && dialect == Dialect.OPENAI) {
      body.putObject("stream_options").put("include_usage", true);
    }
    body.putArray("messages")
        .addObject()
        .put("role", "user")
        .put("content", "Please say something. " + tag);
    return body.toString();
  }
}
