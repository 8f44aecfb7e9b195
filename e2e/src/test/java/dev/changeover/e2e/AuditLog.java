package dev.changeover.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What an API server was asked, one entry a finished request. */
record AuditLog(Path file) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> READS = Set.of("get", "list", "watch");

  /** One request: what was done to what, and how it was answered. */
  record Entry(String user, String verb, String resource, String name, int code) {
    boolean writes() {
      return !READS.contains(verb);
    }
  }

  /** How many entries there are by now. */
  int size() {
    try (Stream<String> lines = Files.lines(file)) {
      return (int) lines.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a user has asked for after so many entries. */
  List<Entry> of(String user, int after) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .skip(after)
          .filter(line -> line.contains(user))
          .map(AuditLog::entry)
          .filter(entry -> entry.user().equals(user))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Entry entry(String line) {
    try {
      JsonNode entry = JSON.readTree(line);
      JsonNode object = entry.path("objectRef");
      String part = object.path("subresource").asText();
      return new Entry(
          entry.at("/user/username").asText(),
          entry.path("verb").asText(),
          object.path("resource").asText() + (part.isEmpty() ? "" : "/" + part),
          object.path("name").asText(),
          entry.at("/responseStatus/code").asInt());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
