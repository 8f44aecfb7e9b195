package dev.changeover.testkit.provider;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.testkit.provider.Fault.Reply;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One vendor's shapes, strict as the vendor is. */
interface Wire {
  /** The name of the key header's value, without any scheme; empty where there is none. */
  Optional<String> key(ReceivedRequest request);

  /** What the vendor would object to in this request. */
  Optional<Reply> objection(ReceivedRequest request, ChatRequest chat);

  Reply invalidKey();

  Reply unknownModel(String model);

  Reply unknownPath(ReceivedRequest request);

  JsonNode answer(Draft draft);

  Stream stream(Draft draft, boolean usage);

  /** The answer without any content. */
  JsonNode emptyAnswer(Draft draft);

  SseEvent errorEvent(ErrorKind kind);

  JsonNode errorBody(ErrorKind kind);

  JsonNode models(List<String> models);

  JsonNode model(String model);

  JsonNode tokenCount(int tokens);

  /** The headers that the vendor's edge adds to each reply. */
  Map<String, String> headers(int number);

  /** An answer as events: before, during and after its content. */
  record Stream(List<SseEvent> opening, List<SseEvent> content, List<SseEvent> closing) {}

  static Wire of(Dialect dialect) {
    return switch (dialect) {
      case OPENAI -> new OpenAiWire();
      case ANTHROPIC -> new AnthropicWire();
    };
  }
}
