package dev.changeover.gateway.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;

/** Recorded traffic in the two dialects: what callers sent, and what providers answered. */
final class Recordings {
  /** A request's body, if it was kept, and a 200's body. */
  // Bytes as they were recorded; nobody compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  record Recording(
      String name, Dialect dialect, boolean stream, Optional<byte[]> request, byte[] answer) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** Hosts that speak OpenAI's dialect, and two that are the vendors themselves. */
  private static final List<String> FOLDERS =
      List.of(
          "openai",
          "anthropic",
          "alibaba",
          "deepseek",
          "groq",
          "mistral",
          "moonshotai",
          "openai-compatible",
          "openrouter",
          "perplexity",
          "xai");

  private static final ObjectMapper YAML = yaml();
  private static final ObjectMapper JSON = new ObjectMapper();

  private Recordings() {}

  private static ObjectMapper yaml() {
    var options = new LoaderOptions();
    options.setCodePointLimit(64 << 20);
    return new YAMLMapper(YAMLFactory.builder().loaderOptions(options).build());
  }

  static List<Recording> under(Path recorded) throws IOException {
    List<Recording> recordings = new ArrayList<>();
    for (String folder : FOLDERS) {
      try (Stream<Path> files = Files.walk(recorded.resolve(folder))) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          recordings.addAll(in(recorded, file));
        }
      }
    }
    return recordings;
  }

  private static List<Recording> in(Path recorded, Path file) throws IOException {
    String name = recorded.relativize(file).toString();
    if (name.contains("/responses/") || name.contains("/embedding/")) {
      return List.of();
    }
    Dialect dialect =
        name.startsWith("anthropic/") ? Dialect.ANTHROPIC_MESSAGES : Dialect.OPENAI_CHAT;
    if (name.endsWith(".chunks.txt")) {
      return List.of(new Recording(name, dialect, true, Optional.empty(), sse(dialect, file)));
    }
    if (name.endsWith(".json")) {
      return List.of(
          new Recording(name, dialect, false, Optional.empty(), Files.readAllBytes(file)));
    }
    return name.endsWith(".yaml") || name.endsWith(".yml")
        ? interactions(name, dialect, YAML.readTree(file.toFile()))
        : List.of();
  }

  /** Payloads, one a line, as they were on the wire. */
  private static byte[] sse(Dialect dialect, Path file) throws IOException {
    var stream = new StringBuilder();
    for (String line : Files.readAllLines(file)) {
      if (line.isBlank()) {
        continue;
      }
      if (dialect == Dialect.ANTHROPIC_MESSAGES) {
        stream.append("event: ").append(JSON.readTree(line).path("type").asText()).append('\n');
      }
      stream.append("data: ").append(line).append("\n\n");
    }
    return Samples.bytes(stream + (dialect == Dialect.OPENAI_CHAT ? "data: [DONE]\n\n" : ""));
  }

  private static List<Recording> interactions(String name, Dialect dialect, JsonNode file)
      throws IOException {
    List<Recording> recordings = new ArrayList<>();
    JsonNode all = file.path(file.has("interactions") ? "interactions" : "http_interactions");
    int index = 0;
    for (JsonNode each : all) {
      index++;
      JsonNode request = each.path("request");
      String url = request.path("uri").asText(request.path("url").asText());
      boolean ours = url.contains("/chat/completions") || url.contains("/v1/messages");
      if (!ours || url.contains("count_tokens") || !isOk(each.path("response"))) {
        continue;
      }
      byte[] answer = body(each.path("response")).orElseThrow();
      String start = new String(answer, StandardCharsets.UTF_8).stripLeading();
      boolean stream = !start.startsWith("{");
      recordings.add(new Recording(name + "#" + index, dialect, stream, body(request), answer));
    }
    return recordings;
  }

  private static boolean isOk(JsonNode response) {
    String status = response.path("status").path("code").asText(response.path("code").asText());
    return status.equals("200");
  }

  private static Optional<byte[]> body(JsonNode message) throws IOException {
    JsonNode body =
        message.path("body").has("string")
            ? message.path("body").path("string")
            : message.path("body");
    if (message.has("parsed_body")) {
      return Optional.of(JSON.writeValueAsBytes(message.path("parsed_body")));
    }
    if (body.isBinary()) {
      return Optional.of(body.binaryValue());
    }
    if (!body.isTextual()) {
      return Optional.empty();
    }
    String text = body.textValue();
    return Optional.of(
        text.contains("{") ? Samples.bytes(text) : Base64.getMimeDecoder().decode(text));
  }
}
