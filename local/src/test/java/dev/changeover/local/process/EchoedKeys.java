package dev.changeover.local.process;

import dev.changeover.testkit.provider.Fault.Reply;
import java.util.Map;
import java.util.TreeMap;

/** Replies of a provider that says the key that it was given, wherever it can. */
final class EchoedKeys {
  private EchoedKeys() {}

  /** By a name that can be a resource's. */
  static Map<String, Reply> anthropic(String key) {
    Map<String, Reply> replies = new TreeMap<>();
    replies.put("ban", anthropicError(403, "permission_error", BANNED + key));
    replies.put("bad-request", anthropicError(400, "invalid_request_error", "max_tokens: " + key));
    replies.put("bad-key", anthropicError(401, "authentication_error", "invalid x-api-key " + key));
    replies.put("limit", anthropicError(429, "rate_limit_error", "limit of key " + key));
    replies.put("fault", anthropicError(500, "api_error", "fault " + key));
    replies.put("unknown-type", anthropicError(418, key.replaceAll("[^A-Za-z0-9_]", "_"), key));
    replies.put(
        "event-first",
        stream(anthropicEvent("error", anthropicBody("overloaded_error", "no room for " + key))));
    replies.put(
        "event-late",
        stream(
            anthropicEvent("message_start", MESSAGE)
                + anthropicEvent("content_block_start", BLOCK)
                + anthropicEvent("content_block_delta", DELTA)
                + anthropicEvent("error", anthropicBody("api_error", "fault after all " + key))));
    replies.put("event-odd", stream("event: " + key + "\ndata: {\"" + key + "\n\n"));
    addOfAnyDialect(replies, key);
    return replies;
  }

  /** By a name that can be a resource's. */
  static Map<String, Reply> openAi(String key) {
    Map<String, Reply> replies = new TreeMap<>();
    replies.put("ban", openAiError(401, BANNED + key, "account_deactivated"));
    replies.put("bad-request", openAiError(400, "max_tokens: " + key, "invalid_value"));
    replies.put("bad-key", openAiError(401, "Incorrect API key: " + key, "invalid_api_key"));
    replies.put("limit", openAiError(429, "Rate limit of " + key, "rate_limit_exceeded"));
    replies.put("fault", openAiError(500, "fault " + key, "server_error"));
    replies.put("unknown-type", openAiError(418, key, key));
    replies.put("event-first", stream("data: " + openAiBody("no room for " + key, "x") + "\n\n"));
    replies.put(
        "event-late",
        stream(CHUNK + "data: " + openAiBody("fault after all " + key, "server_error") + "\n\n"));
    replies.put("event-odd", stream("data: {\"" + key + "\n\n"));
    addOfAnyDialect(replies, key);
    return replies;
  }

  private static void addOfAnyDialect(Map<String, Reply> replies, String key) {
    replies.put("malformed", new Reply(200, JSON, "{\"id\":\"" + key + "\",\"content\":[{\"te"));
    replies.put(
        "page",
        new Reply(
            502, Map.of("content-type", "text/html"), "<html><body>" + key + "</body></html>"));
    replies.put(
        "headers",
        new Reply(500, JSON, "{}")
            .with("request-id", key)
            .with("x-request-id", key)
            .with("retry-after", key)
            .with("anthropic-organization-id", key)
            .with("openai-organization", key)
            .with("server", key)
            .with("set-cookie", "key=" + key));
  }

  private static final String BANNED = "This organization has been disabled. ";
  private static final Map<String, String> JSON = Map.of("content-type", "application/json");
  private static final String MESSAGE =
      """
      {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant",\
      "model":"m","content":[],"stop_reason":null,"stop_sequence":null,\
      "usage":{"input_tokens":1,"output_tokens":1}}}\
      """;
  private static final String BLOCK =
      """
      {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}\
      """;
  private static final String DELTA =
      """
      {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Well"}}\
      """;
  private static final String CHUNK =
      """
      data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":\
      [{"index":0,"delta":{"role":"assistant","content":"Well"},"finish_reason":null}]}

      """;

  private static Reply anthropicError(int status, String type, String message) {
    return new Reply(status, JSON, anthropicBody(type, message));
  }

  private static String anthropicBody(String type, String message) {
    return "{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":\"%s\"}}"
        .formatted(type, message);
  }

  private static String anthropicEvent(String name, String data) {
    return "event: " + name + "\ndata: " + data + "\n\n";
  }

  private static Reply openAiError(int status, String message, String code) {
    return new Reply(status, JSON, openAiBody(message, code));
  }

  private static String openAiBody(String message, String code) {
    return "{\"error\":{\"message\":\"%s\",\"type\":\"%s\",\"param\":null,\"code\":\"%s\"}}"
        .formatted(message, "invalid_request_error", code);
  }

  private static Reply stream(String events) {
    return new Reply(200, Map.of("content-type", "text/event-stream"), events);
  }
}
