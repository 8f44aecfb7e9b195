package dev.changeover.gateway.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Chat completion chunks, as OpenAI and its compatible servers send them. */
final class OpenAiStreamReader implements ProviderCodec.StreamReader {
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

  private final int choices;
  private final BitSet begun = new BitSet();
  private final BitSet finished = new BitSet();
  private final BitSet calling = new BitSet();
  private boolean started;
  private boolean done;
  private Optional<Usage> usage = Optional.empty();

  OpenAiStreamReader(int choices) {
    this.choices = choices;
  }

  @Override
  public List<ChatEvent> read(SseEvent event) {
    if (event.data().length == 0) {
      return List.of();
    }
    if (Arrays.equals(event.data(), DONE)) {
      done = true;
      return ended();
    }
    Optional<ObjectNode> chunk = Json.object(event.data());
    if (chunk.isEmpty()) {
      return List.of(new ChatEvent.Unreadable("an event that is no JSON object"));
    }
    return read(event, chunk.get());
  }

  /** Some servers give no finish reason at all; then their marker says that they are done. */
  private List<ChatEvent> ended() {
    if (begun.isEmpty() || !finished.isEmpty()) {
      return List.of(new ChatEvent.Ended());
    }
    finished.or(begun);
    calling.clear();
    return List.of(
        new ChatEvent.Stopped(StopReason.OTHER, Optional.empty()), new ChatEvent.Ended());
  }

  private List<ChatEvent> read(SseEvent event, ObjectNode chunk) {
    JsonNode all = chunk.path("choices");
    if (isFailure(event, chunk, all)) {
      return List.of(new ChatEvent.Failed());
    }
    List<ChatEvent> events = new ArrayList<>(4);
    Optional<String> id = Fields.text(chunk, "id");
    if (!started && (id.isPresent() || !all.isEmpty())) { // Azure's first chunk may have neither
      started = true;
      events.add(new ChatEvent.Started(id, Fields.text(chunk, "model")));
    }
    for (JsonNode choice : all) {
      choice(choice, events);
    }
    Optional<Usage> counted =
        OpenAiWords.usage(chunk.path("usage"))
            .or(() -> OpenAiWords.usage(chunk.path("x_groq").path("usage")));
    counted.ifPresent(tokens -> {
      usage = counted;
      events.add(new ChatEvent.Counted(tokens, all.isEmpty()));
    });
    return events;
  }

  private static boolean isFailure(SseEvent event, ObjectNode chunk, JsonNode choices) {
    if (chunk.hasNonNull("error") || event.name().filter("error"::equals).isPresent()) {
      return true;
    }
    for (JsonNode choice : choices) {
      if (OpenAiWords.isFailure(choice.path("finish_reason").asText(""))) {
        return true;
      }
    }
    return false;
  }

  private void choice(JsonNode choice, List<ChatEvent> events) {
    int index = Math.clamp(choice.path("index").asInt(0), 0, InboundRequest.CHOICES_MAX);
    begun.set(index);
    JsonNode delta = choice.path("delta");
    for (Map.Entry<String, JsonNode> field : delta.properties()) {
      delta(index, field.getKey(), field.getValue(), events);
    }
    Optional<String> reason = Fields.text(choice, "finish_reason");
    if (reason.isPresent()) {
      finished.set(index);
      calling.clear(index);
      events.add(new ChatEvent.Stopped(OpenAiWords.stopReason(reason.get()), Optional.empty()));
    }
  }

  private void delta(int index, String name, JsonNode value, List<ChatEvent> events) {
    boolean says =
        value.isTextual()
            ? !value.textValue().isEmpty()
            : !value.isNull() && !(value.isContainerNode() && value.isEmpty());
    if (!says) {
      return;
    }
    switch (name) {
      case "role" -> {}
      case "content" -> {
        if (value.isTextual() && index == 0) {
          events.add(new ChatEvent.Text(value.textValue()));
        } else {
          events.add(new ChatEvent.Uncarried(name, false));
        }
      }
      case "refusal" -> events.add(new ChatEvent.Text(value.asText("")));
      case "tool_calls", "function_call" -> {
        calling.set(index);
        events.add(new ChatEvent.Uncarried(name, false));
      }
      case "reasoning_content", "reasoning", "reasoning_details", "annotations" ->
          events.add(new ChatEvent.Uncarried(name, true));
      case "audio" -> events.add(new ChatEvent.Uncarried(name, false));
      default -> {} // an obfuscation, a provider's name: nothing that the model said
    }
  }

  @Override
  public boolean complete() {
    var unfinished = (BitSet) begun.clone();
    unfinished.andNot(finished);
    // Servers that ignore n give one choice: it is all there is once they say so.
    return unfinished.isEmpty() && finished.cardinality() >= (done ? 1 : choices);
  }

  @Override
  public boolean openToolCall() {
    return !calling.isEmpty();
  }

  @Override
  public Optional<Usage> usage() {
    return usage;
  }
}
