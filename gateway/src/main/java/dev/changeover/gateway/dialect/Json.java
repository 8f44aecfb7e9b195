package dev.changeover.gateway.dialect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** JSON under this package's bounds: strict UTF-8, limited depth, nothing after the value. */
final class Json {
  /** How deep objects and arrays may nest. */
  static final int DEPTH_MAX = 64;

  /** The longest string: a body of 32 MiB may be one. */
  private static final int STRING_LENGTH_MAX = 33_554_432;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH_MAX)
                  .maxStringLength(STRING_LENGTH_MAX)
                  .build())
          // Names come from callers: kept for good, they would be a leak.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private static final JsonMapper MAPPER =
      JsonMapper.builder(FACTORY).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private Json() {}

  static JsonParser parser(byte[] body) throws IOException {
    return FACTORY.createParser(body);
  }

  /** The object in these bytes, or empty when they are anything else. */
  static Optional<ObjectNode> object(byte[] bytes) {
    return object(bytes, 0, bytes.length);
  }

  static Optional<ObjectNode> object(byte[] bytes, int offset, int length) {
    if (!looksLikeUtf8(bytes, offset, length)) {
      return Optional.empty();
    }
    try {
      JsonNode node = MAPPER.readTree(bytes, offset, length);
      return node instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
    } catch (IOException | IllegalStateException _) {
      return Optional
          .empty(); // not JSON, too deep, or made to make the parser's name table collide
    }
  }

  /**
   * Whether the parser will read these bytes as UTF-8. It guesses UTF-16 and UTF-32 from the first
   * four bytes, and then its offsets are no offsets into the body.
   */
  static boolean looksLikeUtf8(byte[] bytes, int offset, int length) {
    if (length > 0 && (bytes[offset] & 0xFF) >= 0xEF) {
      return false;
    }
    for (int i = offset; i < offset + Math.min(4, length); i++) {
      if (bytes[i] == 0) {
        return false;
      }
    }
    return true;
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree that was built here cannot be written", e);
    }
  }

  static String text(JsonNode node) {
    return new String(bytes(node), StandardCharsets.UTF_8);
  }

  /** The string as a JSON literal, quotes included. */
  static String quoted(String text) {
    return text(JsonNodeFactory.instance.textNode(text));
  }
}
