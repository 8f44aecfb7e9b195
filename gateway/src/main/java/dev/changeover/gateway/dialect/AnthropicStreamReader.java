package dev.changeover.gateway.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The events of a streamed message. */
final class AnthropicStreamReader implements ProviderCodec.StreamReader {
  private boolean complete;
  private boolean openToolCall;
  private Optional<Usage> usage = Optional.empty();

  @Override
  public List<ChatEvent> read(SseEvent event) {
    if (event.data().length == 0) {
      return List.of();
    }
    Optional<ObjectNode> data = Json.object(event.data());
    if (data.isEmpty()) {
      return List.of(
          event.name().filter("error"::equals).isPresent()
              ? new ChatEvent.Failed()
              : new ChatEvent.Unreadable("an event that is no JSON object"));
    }
    return read(data.get(), data.get().path("type").asText(event.name().orElse("")));
  }

  private List<ChatEvent> read(ObjectNode data, String type) {
    return switch (type) {
      case "message_start" -> start(data.path("message"));
      case "content_block_start" -> blockStart(data.path("content_block"));
      case "content_block_delta" -> delta(data.path("delta"));
      case "content_block_stop" -> {
        openToolCall = false;
        yield List.of();
      }
      case "message_delta" -> messageDelta(data);
      case "message_stop" -> List.of(new ChatEvent.Ended());
      case "error" -> List.of(new ChatEvent.Failed());
      default -> // a ping, or an event that later versions know; an error may come without a type
          data.hasNonNull("error") ? List.of(new ChatEvent.Failed()) : List.of();
    };
  }

  private List<ChatEvent> start(JsonNode message) {
    List<ChatEvent> events = new ArrayList<>();
    events.add(new ChatEvent.Started(Fields.text(message, "id"), Fields.text(message, "model")));
    count(message.path("usage"), events);
    return events;
  }

  private List<ChatEvent> blockStart(JsonNode block) {
    String type = block.path("type").asText("a block without type");
    return switch (type) {
      case "text" -> text(block.path("text"));
      case "thinking" -> says(block.path("thinking")) ? thinking() : List.of();
      case "redacted_thinking" -> thinking();
      case "tool_use", "server_tool_use", "mcp_tool_use" -> {
        openToolCall = true;
        yield List.of(new ChatEvent.Uncarried(type, false));
      }
      default -> List.of(new ChatEvent.Uncarried(type, false));
    };
  }

  private static List<ChatEvent> delta(JsonNode delta) {
    String type = delta.path("type").asText("a delta without type");
    return switch (type) {
      case "text_delta" -> text(delta.path("text"));
      case "thinking_delta" -> says(delta.path("thinking")) ? thinking() : List.of();
      case "signature_delta" -> List.of();
      case "citations_delta" -> List.of(new ChatEvent.Uncarried("citations", true));
      case "input_json_delta" ->
          says(delta.path("partial_json"))
              ? List.of(new ChatEvent.Uncarried("tool input", false))
              : List.of();
      default -> List.of(new ChatEvent.Uncarried(type, false));
    };
  }

  private static List<ChatEvent> text(JsonNode text) {
    return says(text) ? List.of(new ChatEvent.Text(text.textValue())) : List.of();
  }

  private static List<ChatEvent> thinking() {
    return List.of(new ChatEvent.Uncarried("thinking", true));
  }

  private static boolean says(JsonNode text) {
    return text.isTextual() && !text.textValue().isEmpty();
  }

  private List<ChatEvent> messageDelta(JsonNode data) {
    List<ChatEvent> events = new ArrayList<>();
    JsonNode delta = data.path("delta");
    Fields.text(delta, "stop_reason")
        .ifPresent(word -> {
          complete = true;
          openToolCall = false;
          events.add(
              new ChatEvent.Stopped(
                  AnthropicWords.stopReason(word), Fields.text(delta, "stop_sequence")));
        });
    count(data.path("usage"), events);
    return events;
  }

  private void count(JsonNode counted, List<ChatEvent> events) {
    if (counted.isObject()) {
      Usage tokens = AnthropicWords.usage(counted, usage.orElse(AnthropicWords.NONE));
      usage = Optional.of(tokens);
      events.add(new ChatEvent.Counted(tokens, false));
    }
  }

  @Override
  public boolean complete() {
    return complete;
  }

  @Override
  public boolean openToolCall() {
    return openToolCall;
  }

  @Override
  public Optional<Usage> usage() {
    return usage;
  }
}
