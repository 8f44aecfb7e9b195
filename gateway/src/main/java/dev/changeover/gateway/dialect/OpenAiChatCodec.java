package dev.changeover.gateway.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.gateway.dialect.ChatAnswer.Uncarried;
import dev.changeover.gateway.dialect.ChatRequest.Role;
import dev.changeover.gateway.dialect.ChatRequest.Turn;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** OpenAI's chat completions. */
final class OpenAiChatCodec implements CallerCodec, ProviderCodec {
  @Override
  public Carrying decodeRequest(ObjectNode body) {
    var notes = new Carrying.Notes();
    body.properties().forEach(field -> weigh(field.getKey(), field.getValue(), notes));
    List<String> system = new ArrayList<>();
    List<Turn> turns = new ArrayList<>();
    int index = 0;
    for (JsonNode message : body.path("messages")) {
      message("messages[" + index++ + "]", message, system, turns, notes);
    }
    String limit =
        body.hasNonNull("max_completion_tokens") ? "max_completion_tokens" : "max_tokens";
    return notes.settle(
        new ChatRequest(
            body.path("model").asText(""),
            system,
            turns,
            Fields.count(body, limit, notes),
            Fields.number(body, "temperature", notes),
            Fields.number(body, "top_p", notes),
            Fields.texts(body, "stop", notes),
            body.path("stream").asBoolean(false)));
  }

  /** What the translation makes of a field: carried, left out and said so, or refused. */
  private static void weigh(String name, JsonNode value, Carrying.Notes notes) {
    if (value.isNull()) {
      return;
    }
    switch (name) {
      case "model",
          "messages",
          "max_tokens",
          "max_completion_tokens",
          "temperature",
          "top_p",
          "stop",
          "stream",
          "stream_options" -> {}
      case "user",
          "metadata",
          "store",
          "service_tier",
          "safety_identifier",
          "prompt_cache_key",
          "prompt_cache_retention",
          "prediction",
          "seed" ->
          notes.leftOut(name);
      case "n" -> notes.refuseUnless(value.asDouble(0) == 1, name);
      case "tools", "functions", "logit_bias" ->
          notes.refuseUnless(value.isContainerNode() && value.isEmpty(), name);
      case "tool_choice", "function_call" ->
          notes.refuseUnless(value.isTextual() && !value.textValue().equals("required"), name);
      case "parallel_tool_calls" -> notes.leftOut(name);
      case "frequency_penalty", "presence_penalty", "top_logprobs" ->
          notes.refuseUnless(value.isNumber() && value.doubleValue() == 0, name);
      case "logprobs" -> notes.refuseUnless(value.isBoolean() && !value.booleanValue(), name);
      case "response_format" ->
          notes.refuseUnless(value.path("type").asText("").equals("text"), name);
      case "reasoning_effort" -> notes.refuseUnless(value.asText("").equals("none"), name);
      case "verbosity" -> notes.refuseUnless(value.asText("").equals("medium"), name);
      case "modalities" ->
          notes.refuseUnless(value.size() == 1 && value.path(0).asText("").equals("text"), name);
      case "audio", "web_search_options" -> notes.refuse(name);
      default -> notes.refuse(Fields.shortened(name) + ": not known to the translation");
    }
  }

  private static void message(
      String where, JsonNode message, List<String> system, List<Turn> turns, Carrying.Notes notes) {
    message.properties().forEach(field -> weigh(where, field.getKey(), field.getValue(), notes));
    String role = message.path("role").asText("no role");
    List<String> texts = Fields.content(message.path("content"), where, notes);
    switch (role) {
      case "system", "developer" -> {
        if (!turns.isEmpty()) {
          notes.adjust("messages: a later system message moved to the top");
        }
        system.addAll(texts);
      }
      case "user" -> turns.add(new Turn(Role.USER, texts));
      case "assistant" -> turns.add(new Turn(Role.ASSISTANT, texts));
      default -> notes.refuse(where + ": role " + Fields.shortened(role));
    }
  }

  private static void weigh(String where, String name, JsonNode value, Carrying.Notes notes) {
    if (value.isNull()) {
      return;
    }
    switch (name) {
      case "role", "content" -> {}
      case "tool_calls", "annotations" -> notes.refuseUnless(value.isEmpty(), where + ": " + name);
      case "reasoning_content", "reasoning" ->
          notes.leftOut(name); // vendors ignore what is sent back
      default -> notes.refuse(where + ": " + Fields.shortened(name));
    }
  }

  @Override
  public ObjectNode encodeRequest(ChatRequest request, TargetShape target) {
    ObjectNode body = Json.object();
    body.put("model", request.model());
    ArrayNode messages = body.putArray("messages");
    if (!request.system().isEmpty()) {
      messages.add(message("system", request.system()));
    }
    for (Turn turn : request.turns()) {
      String role =
          switch (turn.role()) {
            case USER -> "user";
            case ASSISTANT -> "assistant";
          };
      messages.add(message(role, turn.texts()));
    }
    request
        .maxTokens()
        .ifPresent(
            most -> body.put(target.openAiOrigin() ? "max_completion_tokens" : "max_tokens", most));
    request.temperature().ifPresent(value -> body.put("temperature", value));
    request.topP().ifPresent(value -> body.put("top_p", value));
    if (!request.stop().isEmpty()) {
      ArrayNode stop = body.putArray("stop");
      request.stop().forEach(stop::add);
    }
    if (request.stream()) {
      body.put("stream", true);
      body.putObject("stream_options").put("include_usage", true);
    }
    return body;
  }

  private static ObjectNode message(String role, List<String> texts) {
    ObjectNode message = Json.object().put("role", role);
    if (texts.size() == 1) {
      return message.put("content", texts.getFirst());
    }
    ArrayNode parts = message.putArray("content");
    texts.forEach(text -> parts.addObject().put("type", "text").put("text", text));
    return message;
  }

  @Override
  public AnswerReading decodeAnswer(ObjectNode body) {
    if (body.hasNonNull("error")) {
      return new AnswerReading.Illegible("an error in place of an answer");
    }
    JsonNode choice = body.path("choices").path(0);
    JsonNode message = choice.path("message");
    if (!message.isObject()) {
      return new AnswerReading.Illegible("no choice with a message");
    }
    Optional<StopReason> stop = Fields.text(choice, "finish_reason").map(OpenAiWords::stopReason);
    if (Fields.text(choice, "finish_reason").filter(OpenAiWords::isFailure).isPresent()) {
      return new AnswerReading.Illegible("the provider broke off");
    }
    Optional<String> refusal = Fields.text(message, "refusal");
    return new AnswerReading.Legible(
        new ChatAnswer(
            Fields.text(body, "id"),
            Fields.text(body, "model"),
            text(message.path("content")) + refusal.orElse(""),
            refusal.isPresent() ? Optional.of(StopReason.REFUSED) : stop,
            Optional.empty(),
            OpenAiWords.usage(body.path("usage")),
            uncarried(body.path("choices"), message)));
  }

  /** Some compatible servers answer in parts. */
  private static String text(JsonNode content) {
    if (content.isTextual()) {
      return content.textValue();
    }
    var text = new StringBuilder();
    content.forEach(part -> text.append(part.path("text").asText("")));
    return text.toString();
  }

  private static List<Uncarried> uncarried(JsonNode choices, JsonNode message) {
    List<Uncarried> uncarried = new ArrayList<>();
    if (choices.size() > 1) {
      uncarried.add(new Uncarried("several choices", false));
    }
    for (Map.Entry<String, JsonNode> field : message.properties()) {
      JsonNode value = field.getValue();
      boolean says = !value.isNull() && !(value.isContainerNode() && value.isEmpty());
      if (!says) {
        continue;
      }
      switch (field.getKey()) {
        case "tool_calls", "function_call", "audio" ->
            uncarried.add(new Uncarried(field.getKey(), false));
        case "reasoning_content", "reasoning", "annotations" ->
            uncarried.add(new Uncarried(field.getKey(), true));
        default -> {}
      }
    }
    return uncarried;
  }

  @Override
  public ObjectNode encodeAnswer(ChatAnswer answer, ReplyContext context) {
    ObjectNode body = Json.object();
    body.put("id", answer.id().orElse(context.requestId()))
        .put("object", "chat.completion")
        .put("created", context.startedAt().getEpochSecond())
        .put("model", answer.model().orElse(context.model()));
    ObjectNode choice = body.putArray("choices").addObject().put("index", 0);
    choice
        .putObject("message")
        .put("role", "assistant")
        .put("content", answer.text())
        .putNull("refusal");
    choice
        .putNull("logprobs")
        .put("finish_reason", OpenAiWords.word(answer.stop().orElse(StopReason.STOP)));
    answer.usage().ifPresent(usage -> body.set("usage", OpenAiWords.usage(usage)));
    return body;
  }

  @Override
  public StreamWriter streamWriter(ReplyContext context, boolean usageAsked) {
    return new OpenAiStreamWriter(context, usageAsked);
  }

  @Override
  public StreamReader streamReader(int choices) {
    return new OpenAiStreamReader(choices);
  }

  @Override
  public byte[] terminalMarker() {
    return "data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8);
  }
}
