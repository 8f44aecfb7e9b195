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

/** OpenAI's chat completions. */
final class OpenAiWire implements Wire {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Set<String> ROLES =
      Set.of("system", "developer", "user", "assistant", "tool", "function");
  private static final long MODEL_CREATED_SECONDS = 1_715_367_049L;

  @Override
  public Optional<String> key(ReceivedRequest request) {
    return bearer(request);
  }

  static Optional<String> bearer(ReceivedRequest request) {
    return request
        .header("authorization")
        .filter(value -> value.startsWith("Bearer "))
        .map(value -> value.substring("Bearer ".length()));
  }

  @Override
  public Optional<Reply> objection(ReceivedRequest request, ChatRequest chat) {
    JsonNode json = chat.json();
    if (!json.isObject()) {
      return objection(
          "We could not parse the JSON body of your request. (HINT: This likely means you aren't"
              + " using your HTTP library correctly.)",
          "",
          "");
    }
    if (!json.path("model").isTextual()) {
      return objection("you must provide a model parameter", "", "");
    }
    JsonNode messages = json.path("messages");
    if (messages.isMissingNode()) {
      return objection(
          "Missing required parameter: 'messages'.", "messages", "missing_required_parameter");
    }
    if (!messages.isArray() || messages.isEmpty()) {
      return objection(
          "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an"
              + " empty array instead.",
          "messages",
          "empty_array");
    }
    for (int i = 0; i < messages.size(); i++) {
      String role = messages.path(i).path("role").asText("");
      if (!ROLES.contains(role)) {
        return objection(
            "Invalid value: '" + role + "'.", "messages[" + i + "].role", "invalid_value");
      }
    }
    if (chat.maxTokens() < 1) {
      return objection(
          "Invalid 'max_tokens': integer below minimum value.",
          "max_tokens",
          "integer_below_min_value");
    }
    return Optional.empty();
  }

  private static Optional<Reply> objection(String message, String param, String code) {
    return Optional.of(error(400, message, "invalid_request_error", param, code));
  }

  @Override
  public Reply invalidKey() {
    return VendorReplies.openAiInvalidKey();
  }

  @Override
  public Reply unknownModel(String model) {
    return error(
        404,
        "The model `" + model + "` does not exist or you do not have access to it.",
        "invalid_request_error",
        "",
        "model_not_found");
  }

  @Override
  public Reply unknownPath(ReceivedRequest request) {
    String url = request.method() + " " + request.path();
    return error(404, "Invalid URL (" + url + ")", "invalid_request_error", "", "");
  }

  @Override
  public JsonNode answer(Draft draft) {
    ObjectNode completion = envelope(draft, "chat.completion");
    choice(completion, draft.text(), finishReason(draft));
    completion.set("usage", usage(draft));
    return completion;
  }

  @Override
  public JsonNode emptyAnswer(Draft draft) {
    ObjectNode completion = envelope(draft, "chat.completion");
    completion.putArray("choices");
    completion.set("usage", usage(draft));
    return completion;
  }

  @Override
  public Stream stream(Draft draft, boolean usage) {
    ObjectNode role = JSON.objectNode().put("role", "assistant").put("content", "");
    role.putNull("refusal");
    List<SseEvent> content = new ArrayList<>();
    for (String piece : draft.pieces()) {
      content.add(chunk(draft, JSON.objectNode().put("content", piece), "", usage));
    }
    List<SseEvent> closing = new ArrayList<>();
    closing.add(chunk(draft, JSON.objectNode(), finishReason(draft), usage));
    if (usage) {
      ObjectNode last = envelope(draft, "chat.completion.chunk");
      last.putArray("choices");
      last.set("usage", usage(draft));
      closing.add(new SseEvent("", last.toString()));
    }
    closing.add(new SseEvent("", "[DONE]"));
    return new Stream(List.of(chunk(draft, role, "", usage)), content, closing);
  }

  @Override
  public SseEvent errorEvent(ErrorKind kind) {
    return new SseEvent("", errorBody(kind).toString());
  }

  @Override
  public JsonNode errorBody(ErrorKind kind) {
    return switch (kind) {
      case OVERLOADED ->
          errorBody(
              "Our servers are currently overloaded. Please try again later.",
              "service_unavailable_error",
              "",
              "server_is_overloaded");
      case SERVER_ERROR ->
          errorBody(
              "The server had an error while processing your request. Sorry about that!",
              "server_error",
              "",
              "");
      case RATE_LIMITED ->
          errorBody(
              "Rate limit reached for gpt-4o in organization org-EXAMPLE00001 on tokens per min.",
              "tokens",
              "",
              "rate_limit_exceeded");
      case QUOTA_EXHAUSTED ->
          errorBody(
              "You exceeded your current quota, please check your plan and billing details.",
              "insufficient_quota",
              "",
              "insufficient_quota");
      case ACCOUNT_DISABLED ->
          errorBody(
              "The OpenAI account associated with this API key has been deactivated.",
              "invalid_request_error",
              "",
              "account_deactivated");
    };
  }

  @Override
  public JsonNode models(List<String> models) {
    ObjectNode page = JSON.objectNode().put("object", "list");
    var data = page.putArray("data");
    models.forEach(model -> data.add(model(model)));
    return page;
  }

  @Override
  public JsonNode model(String model) {
    return JSON.objectNode()
        .put("id", model)
        .put("object", "model")
        .put("created", MODEL_CREATED_SECONDS)
        .put("owned_by", "simulated");
  }

  @Override
  public JsonNode tokenCount(int tokens) {
    throw new IllegalStateException("OpenAI counts no tokens");
  }

  @Override
  public Map<String, String> headers(int number) {
    return Map.of(
        "x-request-id", "req_simulated%08d".formatted(number), "openai-version", "2020-10-01");
  }

  private static ObjectNode envelope(Draft draft, String object) {
    return JSON.objectNode()
        .put("id", "chatcmpl-simulated%08d".formatted(draft.call().number()))
        .put("object", object)
        .put("created", draft.createdSeconds())
        .put("model", draft.call().model())
        .put("service_tier", "default")
        .put("system_fingerprint", "fp_simulated");
  }

  private static void choice(ObjectNode completion, String text, String finishReason) {
    ObjectNode choice = completion.putArray("choices").addObject().put("index", 0);
    ObjectNode message = choice.putObject("message").put("role", "assistant").put("content", text);
    message.putNull("refusal").putArray("annotations");
    choice.putNull("logprobs").put("finish_reason", finishReason);
  }

  private static SseEvent chunk(Draft draft, ObjectNode delta, String finish, boolean usage) {
    ObjectNode chunk = envelope(draft, "chat.completion.chunk");
    ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
    choice.set("delta", delta);
    choice.putNull("logprobs");
    if (finish.isEmpty()) {
      choice.putNull("finish_reason");
    } else {
      choice.put("finish_reason", finish);
    }
    if (usage) {
      chunk.putNull("usage");
    }
    return new SseEvent("", chunk.toString());
  }

  private static String finishReason(Draft draft) {
    return switch (draft.stop()) {
      case END, SEQUENCE -> "stop";
      case LENGTH -> "length";
    };
  }

  private static ObjectNode usage(Draft draft) {
    ObjectNode usage =
        JSON.objectNode()
            .put("prompt_tokens", draft.promptTokens())
            .put("completion_tokens", draft.completionTokens())
            .put("total_tokens", draft.promptTokens() + draft.completionTokens());
    usage.putObject("prompt_tokens_details").put("cached_tokens", 0).put("audio_tokens", 0);
    usage
        .putObject("completion_tokens_details")
        .put("reasoning_tokens", 0)
        .put("audio_tokens", 0)
        .put("accepted_prediction_tokens", 0)
        .put("rejected_prediction_tokens", 0);
    return usage;
  }

  private static Reply error(int status, String message, String type, String param, String code) {
    return new Reply(status, Map.of(), errorBody(message, type, param, code).toString());
  }

  private static ObjectNode errorBody(String message, String type, String param, String code) {
    ObjectNode body = JSON.objectNode();
    ObjectNode error = body.putObject("error").put("message", message).put("type", type);
    error.set("param", param.isEmpty() ? JSON.nullNode() : JSON.textNode(param));
    error.set("code", code.isEmpty() ? JSON.nullNode() : JSON.textNode(code));
    return body;
  }
}
