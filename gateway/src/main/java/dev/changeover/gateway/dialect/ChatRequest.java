package dev.changeover.gateway.dialect;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A request as it is meant, in no vendor's words: what every dialect can say.
 *
 * @param system the instructions, a text each
 */
record ChatRequest(
    String model,
    List<String> system,
    List<Turn> turns,
    OptionalInt maxTokens,
    OptionalDouble temperature,
    OptionalDouble topP,
    List<String> stop,
    boolean stream) {
  ChatRequest {
    system = List.copyOf(system);
    turns = List.copyOf(turns);
    stop = List.copyOf(stop);
  }

  /** Who speaks. */
  enum Role {
    USER,
    ASSISTANT
  }

  /** One turn of the conversation, in one or several texts. */
  record Turn(Role role, List<String> texts) {
    Turn {
      texts = List.copyOf(texts);
      if (texts.isEmpty()) {
        throw new IllegalArgumentException("a turn has at least one text");
      }
    }
  }
}
