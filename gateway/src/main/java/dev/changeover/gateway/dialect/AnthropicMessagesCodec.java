package dev.changeover.gateway.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.gateway.dialect.ChatAnswer.Uncarried;
import dev.changeover.gateway.dialect.ChatRequest.Role;
import dev.changeover.gateway.dialect.ChatRequest.Turn;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Anthropic's messages. */
final class AnthropicMessagesCodec implements CallerCodec, ProviderCodec {
  @Override
  public Carrying decodeRequest(ObjectNode body) {
    var notes = new Carrying.Notes();
    body.properties().forEach(field -> weigh(field.getKey(), field.getValue(), notes));
    List<String> system = new ArrayList<>();
    if (body.hasNonNull("system")) {
      system.addAll(Fields.content(body.path("system"), "system", notes));
    }
    List<Turn> turns = new ArrayList<>();
    int index = 0;
    for (JsonNode message : body.path("messages")) {
      message("messages[" + index++ + "]", message, system, turns, notes);
    }
    return notes.settle(
        new ChatRequest(
            body.path("model").asText(""),
            system,
            turns,
            Fields.count(body, "max_tokens", notes),
            Fields.number(body, "temperature", notes),
            Fields.number(body, "top_p", notes),
            Fields.texts(body, "stop_sequences", notes),
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
          "system",
          "max_tokens",
          "temperature",
          "top_p",
          "stop_sequences",
          "stream" -> {}
      case "metadata", "service_tier", "cache_control", "inference_geo" -> notes.leftOut(name);
      case "tools", "mcp_servers" -> notes.refuseUnless(value.isArray() && value.isEmpty(), name);
      case "tool_choice" ->
          notes.refuseUnless(
              value.path("type").asText("").equals("auto")
                  || value.path("type").asText("").equals("none"),
              name);
      case "thinking" -> notes.refuseUnless(value.path("type").asText("").equals("disabled"), name);
      case "top_k", "output_config", "output_format", "container", "context_management" ->
          notes.refuse(name);
      default -> notes.refuse(Fields.shortened(name) + ": not known to the translation");
    }
  }

  private static void message(
      String where, JsonNode message, List<String> system, List<Turn> turns, Carrying.Notes notes) {
    message.properties().stream()
        .map(field -> field.getKey())
        .filter(name -> !name.equals("role") && !name.equals("content"))
        .filter(message::hasNonNull)
        .forEach(name -> notes.refuse(where + ": " + Fields.shortened(name)));
    String role = message.path("role").asText("no role");
    List<String> texts = Fields.content(message.path("content"), where, notes);
    switch (role) {
      case "system" -> {
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

  @Override
  public ObjectNode encodeRequest(ChatRequest request, TargetShape target) {
    ObjectNode body = Json.object();
    body.put("model", request.model());
    body.put("max_tokens", request.maxTokens().orElse(TargetFit.MAX_TOKENS_DEFAULT));
    if (!request.system().isEmpty()) {
      body.set("system", content(request.system()));
    }
    ArrayNode messages = body.putArray("messages");
    for (Turn turn : request.turns()) {
      String role =
          switch (turn.role()) {
            case USER -> "user";
            case ASSISTANT -> "assistant";
          };
      messages.addObject().put("role", role).set("content", content(turn.texts()));
    }
    request.temperature().ifPresent(value -> body.put("temperature", value));
    request.topP().ifPresent(value -> body.put("top_p", value));
    if (!request.stop().isEmpty()) {
      ArrayNode stop = body.putArray("stop_sequences");
      request.stop().forEach(stop::add);
    }
    if (request.stream()) {
      body.put("stream", true);
    }
    return body;
  }

  private static JsonNode content(List<String> texts) {
    if (texts.size() == 1) {
      return body(texts.getFirst());
    }
    ArrayNode blocks = Json.array();
    texts.forEach(text -> blocks.add(block(text)));
    return blocks;
  }

  private static JsonNode body(String text) {
    return Json.object().textNode(text);
  }

  private static ObjectNode block(String text) {
    return Json.object().put("type", "text").put("text", text);
  }

  @Override
  public AnswerReading decodeAnswer(ObjectNode body) {
    if (body.path("type").asText("").equals("error")) {
      return new AnswerReading.Illegible("an error in place of an answer");
    }
    if (!body.path("content").isArray()) {
      return new AnswerReading.Illegible("no content");
    }
    var text = new StringBuilder();
    List<Uncarried> uncarried = new ArrayList<>();
    for (JsonNode block : body.path("content")) {
      String type = block.path("type").asText("a block without type");
      switch (type) {
        case "text" -> text.append(block.path("text").asText(""));
        case "thinking", "redacted_thinking" -> uncarried.add(new Uncarried("thinking", true));
        default -> uncarried.add(new Uncarried(type, false));
      }
    }
    return new AnswerReading.Legible(
        new ChatAnswer(
            Fields.text(body, "id"),
            Fields.text(body, "model"),
            text.toString(),
            Fields.text(body, "stop_reason").map(AnthropicWords::stopReason),
            Fields.text(body, "stop_sequence"),
            AnthropicWords.usage(body.path("usage")),
            uncarried));
  }

  @Override
  public ObjectNode encodeAnswer(ChatAnswer answer, ReplyContext context) {
    ObjectNode body = Json.object();
    body.put("id", answer.id().orElse(context.requestId()))
        .put("type", "message")
        .put("role", "assistant")
        .put("model", answer.model().orElse(context.model()));
    ArrayNode content = body.putArray("content");
    if (!answer.text().isEmpty()) {
      content.add(block(answer.text()));
    }
    body.put("stop_reason", AnthropicWords.word(answer.stop().orElse(StopReason.STOP)))
        .put("stop_sequence", answer.stopSequence().orElse(null))
        .set("usage", AnthropicWords.usage(answer.usage().orElse(AnthropicWords.NONE)));
    return body;
  }

  @Override
  public StreamWriter streamWriter(ReplyContext context, boolean usageAsked) {
    return new AnthropicStreamWriter(context);
  }

  @Override
  public StreamReader streamReader(int choices) {
    return new AnthropicStreamReader();
  }

  @Override
  public byte[] terminalMarker() {
    var out = new ByteArrayOutputStream();
    Sse.writeTyped(Json.object().put("type", "message_stop"), out);
    return out.toByteArray();
  }
}
