package dev.changeover.gateway.classify;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/** Providers' JSON: read within bounds, and asked without surprises. */
final class Json {
  private static final int DEPTH_MAX = 64;
  private static final ObjectMapper MAPPER =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(DEPTH_MAX)
                      .maxStringLength(BodyDecoding.DECODED_MAX)
                      .build())
              .build());

  private Json() {}

  /** The object or array that the bytes begin with, or nothing. */
  static Optional<JsonNode> parse(byte[] text) {
    try {
      return container(MAPPER.readTree(text));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  static Optional<JsonNode> parse(String text) {
    try {
      return container(MAPPER.readTree(text));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /** The text of a field; empty where it is absent or no text. */
  static String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isTextual() ? value.textValue() : "";
  }

  /** The text of a field that some providers fill with a number. */
  static String word(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isTextual() || value.isIntegralNumber() ? value.asText() : "";
  }

  static String lower(String word) {
    return word.toLowerCase(Locale.ROOT);
  }

  private static Optional<JsonNode> container(JsonNode node) {
    return Optional.of(node).filter(JsonNode::isContainerNode);
  }
}
