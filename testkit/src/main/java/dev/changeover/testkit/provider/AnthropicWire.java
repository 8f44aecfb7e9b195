package dev.changeover.testkit.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.testkit.provider.Fault.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Anthropic's messages. */
final class AnthropicWire implements Wire {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Set<String> ROLES = Set.of("user", "assistant");

  @Override
  public Optional<String> key(ReceivedRequest request) {
    return request.header("x-api-key").or(() -> OpenAiWire.bearer(request)); // its SDK sends this
  }

  @Override
  public Optional<Reply> objection(ReceivedRequest request, ChatRequest chat) {
    JsonNode json = chat.json();
    if (request.header("anthropic-version").isEmpty()) {
      return objection("anthropic-version: header is required");
    }
    if (!json.isObject()) {
      return objection("The request body is not valid JSON: unexpected character");
    }
    if (!json.path("model").isTextual()) {
      return objection("model: Field required");
    }
    JsonNode messages = json.path("messages");
    if (messages.isMissingNode()) {
      return objection("messages: Field required");
    }
    if (!messages.isArray() || messages.isEmpty()) {
      return objection("messages: at least one message is required");
    }
    for (int i = 0; i < messages.size(); i++) {
      JsonNode message = messages.path(i);
      String role = message.path("role").asText("");
      if (!ROLES.contains(role)) {
        return objection(
            "messages: Unexpected role \"%s\". Allowed roles are \"user\" or \"assistant\"."
                .formatted(role));
      }
      if (!message.path("content").isTextual() && !message.path("content").isArray()) {
        return objection("messages.%d.content: Field required".formatted(i));
      }
    }
    return request.path().endsWith("/count_tokens") ? Optional.empty() : limitObjection(json);
  }

  private static Optional<Reply> limitObjection(JsonNode json) {
    JsonNode maxTokens = json.path("max_tokens");
    if (maxTokens.isMissingNode()) {
      return objection("max_tokens: Field required");
    }
    if (!maxTokens.isIntegralNumber() || maxTokens.asLong() < 1) {
      return objection("max_tokens: Input should be greater than or equal to 1");
    }
    double temperature = json.path("temperature").asDouble(0);
    if (temperature < 0 || temperature > 1) {
      return objection("temperature: range: 0..1");
    }
    return Optional.empty();
  }

  private static Optional<Reply> objection(String message) {
    return Optional.of(error(400, "invalid_request_error", message));
  }

  @Override
  public Reply invalidKey() {
    return VendorReplies.anthropicInvalidKey();
  }

  @Override
  public Reply unknownModel(String model) {
    return error(404, "not_found_error", "model: " + model);
  }

  @Override
  public Reply unknownPath(ReceivedRequest request) {
    return error(404, "not_found_error", "Not found");
  }

  @Override
  public JsonNode answer(Draft draft) {
    ObjectNode message = envelope(draft);
    message.withArray("content").add(textBlock(draft.text()));
    stop(message, draft);
    message.set("usage", usage(draft, draft.completionTokens()));
    return message;
  }

  @Override
  public JsonNode emptyAnswer(Draft draft) {
    ObjectNode message = envelope(draft);
    stop(message, draft);
    message.set("usage", usage(draft, 0));
    return message;
  }

  @Override
  public Stream stream(Draft draft, boolean usage) {
    ObjectNode start = typed("message_start");
    ObjectNode message = envelope(draft);
    message.putNull("stop_reason").putNull("stop_sequence").set("usage", usage(draft, 1));
    start.set("message", message);
    ObjectNode blockStart = typed("content_block_start").put("index", 0);
    blockStart.set("content_block", textBlock(""));
    List<SseEvent> content = new ArrayList<>();
    for (String piece : draft.pieces()) {
      ObjectNode delta = typed("content_block_delta").put("index", 0);
      delta.putObject("delta").put("type", "text_delta").put("text", piece);
      content.add(event(delta));
    }
    ObjectNode messageDelta = typed("message_delta");
    stop(messageDelta.putObject("delta"), draft);
    messageDelta
        .putObject("usage")
        .put("input_tokens", draft.promptTokens())
        .put("cache_creation_input_tokens", 0)
        .put("cache_read_input_tokens", 0)
        .put("output_tokens", draft.completionTokens());
    return new Stream(
        List.of(event(start), event(blockStart), event(typed("ping"))),
        content,
        List.of(
            event(typed("content_block_stop").put("index", 0)),
            event(messageDelta),
            event(typed("message_stop"))));
  }

  @Override
  public SseEvent errorEvent(ErrorKind kind) {
    return event(errorBody(kind));
  }

  @Override
  public ObjectNode errorBody(ErrorKind kind) {
    return switch (kind) {
      case OVERLOADED -> errorBody("overloaded_error", "Overloaded");
      case SERVER_ERROR -> errorBody("api_error", "Internal server error");
      case RATE_LIMITED ->
          errorBody(
              "rate_limit_error", "This request would exceed your organization's rate limit.");
      case QUOTA_EXHAUSTED ->
          errorBody(
              "invalid_request_error",
              "Your credit balance is too low to access the Anthropic API. Please go to Plans &"
                  + " Billing to upgrade or purchase credits.");
      case ACCOUNT_DISABLED ->
          errorBody("invalid_request_error", "This organization has been disabled.");
    };
  }

  @Override
  public JsonNode models(List<String> models) {
    ObjectNode page = JSON.objectNode();
    var data = page.putArray("data");
    models.forEach(model -> data.add(model(model)));
    page.put("has_more", false);
    page.set("first_id", models.isEmpty() ? JSON.nullNode() : JSON.textNode(models.getFirst()));
    page.set("last_id", models.isEmpty() ? JSON.nullNode() : JSON.textNode(models.getLast()));
    return page;
  }

  @Override
  public JsonNode model(String model) {
    return typed("model")
        .put("id", model)
        .put("display_name", model)
        .put("lifecycle", "active")
        .put("created_at", "2025-09-29T00:00:00Z");
  }

  @Override
  public JsonNode tokenCount(int tokens) {
    return JSON.objectNode().put("input_tokens", tokens);
  }

  @Override
  public Map<String, String> headers(int number) {
    return Map.of("request-id", "req_simulated%08d".formatted(number));
  }

  private static ObjectNode envelope(Draft draft) {
    ObjectNode message =
        JSON.objectNode()
            .put("model", draft.call().model())
            .put("id", "msg_simulated%08d".formatted(draft.call().number()))
            .put("type", "message")
            .put("role", "assistant");
    message.putArray("content");
    return message;
  }

  private static ObjectNode textBlock(String text) {
    return typed("text").put("text", text);
  }

  private static void stop(ObjectNode target, Draft draft) {
    String reason =
        switch (draft.stop()) {
          case END -> "end_turn";
          case LENGTH -> "max_tokens";
          case SEQUENCE -> "stop_sequence";
        };
    target.put("stop_reason", reason);
    if (draft.stop() == Draft.Stop.SEQUENCE) {
      target.put("stop_sequence", draft.stopSequence());
    } else {
      target.putNull("stop_sequence");
    }
  }

  private static ObjectNode usage(Draft draft, int outputTokens) {
    ObjectNode usage =
        JSON.objectNode()
            .put("input_tokens", draft.promptTokens())
            .put("cache_creation_input_tokens", 0)
            .put("cache_read_input_tokens", 0);
    usage
        .putObject("cache_creation")
        .put("ephemeral_5m_input_tokens", 0)
        .put("ephemeral_1h_input_tokens", 0);
    return usage.put("output_tokens", outputTokens).put("service_tier", "standard");
  }

  private static ObjectNode typed(String type) {
    return JSON.objectNode().put("type", type);
  }

  private static SseEvent event(ObjectNode data) {
    return new SseEvent(data.path("type").asText(""), data.toString());
  }

  private static Reply error(int status, String type, String message) {
    ObjectNode body = errorBody(type, message).put("request_id", "req_simulated_error");
    return new Reply(status, Map.of("x-should-retry", "false"), body.toString());
  }

  private static ObjectNode errorBody(String type, String message) {
    ObjectNode body = typed("error");
    body.putObject("error").put("type", type).put("message", message);
    return body;
  }
}
