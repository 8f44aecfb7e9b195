package dev.changeover.gateway.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;

/** The caller's side of a dialect: its requests read, its answers and streams written. */
interface CallerCodec {
  Carrying decodeRequest(ObjectNode body);

  ObjectNode encodeAnswer(ChatAnswer answer, ReplyContext context);

  /** Writes one stream; {@code usageAsked} is whether the caller asked to be told the tokens. */
  StreamWriter streamWriter(ReplyContext context, boolean usageAsked);

  /** Neutral events become bytes; lives as long as one stream. */
  interface StreamWriter {
    /** Adds the bytes for this event, often none. */
    void write(ChatEvent event, ByteArrayOutputStream out);

    /** Adds what is missing at the end of a complete stream; nothing the second time. */
    void finish(ByteArrayOutputStream out);
  }
}
