package dev.changeover.testkit.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.changeover.testkit.provider.Fault.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The whole HTTP replies among the recorded error replies, by id. */
final class RecordedReplies {
  private static final String FILE = "provider-errors.jsonl";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, JsonNode> ROWS = rows();

  private RecordedReplies() {}

  static Reply reply(String id) {
    JsonNode row = ROWS.get(id);
    if (row == null) {
      throw new IllegalArgumentException("no recorded reply " + id);
    }
    Map<String, String> headers = new LinkedHashMap<>();
    row.path("headers")
        .properties()
        .forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
    JsonNode body = row.path("body");
    return new Reply(
        row.path("status").asInt(), headers, body.isTextual() ? body.textValue() : text(body));
  }

  static List<String> ids(String vendor) {
    return ROWS.entrySet().stream()
        .filter(row -> row.getValue().path("provider").asText().equals(vendor))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static Map<String, JsonNode> rows() {
    try (InputStream file = RecordedReplies.class.getResourceAsStream(FILE)) {
      if (file == null) {
        throw new IllegalStateException("no resource " + FILE);
      }
      Map<String, JsonNode> rows = new LinkedHashMap<>();
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.lines().toList()) {
        JsonNode row = JSON.readTree(line);
        if (row.path("transport").asText().equals("http")) {
          rows.put(row.path("id").asText(), row);
        }
      }
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(JsonNode body) {
    try {
      return JSON.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
