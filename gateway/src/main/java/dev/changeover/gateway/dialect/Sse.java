package dev.changeover.gateway.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Server-sent events, written. */
final class Sse {
  private Sse() {}

  /** An event without a name. */
  static void write(ObjectNode data, ByteArrayOutputStream out) {
    out.writeBytes(("data: " + Json.text(data) + "\n\n").getBytes(StandardCharsets.UTF_8));
  }

  /** An event that is named as its data's type is, as Anthropic does. */
  static void writeTyped(ObjectNode data, ByteArrayOutputStream out) {
    String head = "event: " + data.path("type").asText("") + "\n";
    out.writeBytes(head.getBytes(StandardCharsets.UTF_8));
    write(data, out);
  }
}
