package dev.changeover.gateway.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** The provider's side of a dialect: its requests written, its answers and streams read. */
interface ProviderCodec {
  ObjectNode encodeRequest(ChatRequest request, TargetShape target);

  AnswerReading decodeAnswer(ObjectNode body);

  /** Reads one stream; {@code choices} is how many answers were asked for. */
  StreamReader streamReader(int choices);

  /** The terminal marker, for a stream that is complete but ended without it. */
  byte[] terminalMarker();

  /** A whole answer, or why it is none. */
  sealed interface AnswerReading {
    record Legible(ChatAnswer answer) implements AnswerReading {}

    record Illegible(String why) implements AnswerReading {}
  }

  /** Events become neutral ones; lives as long as one stream. */
  interface StreamReader {
    /** What the event says, in order; nothing for pings, borders and events it does not know. */
    List<ChatEvent> read(SseEvent event);

    /** Whether a finish or stop reason was seen for everything that was begun. */
    boolean complete();

    boolean openToolCall();

    Optional<Usage> usage();
  }
}
