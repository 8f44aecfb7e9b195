package dev.changeover.gateway.classify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Recorded replies, in the formats of the tools that recorded them. */
final class RecordedReplies {
  private static final Instant NOW = Instant.parse("2026-08-19T12:00:00Z");
  private static final int UNRECORDED_STATUS = 400;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /**
   * One reply, its body with a char for each byte; a status of 200 stands for a stream that holds
   * the error.
   */
  record Reply(int status, Map<String, String> headers, String body) {

    Outcome classified(Vendor vendor) {
      HeaderView view = HeaderView.of(headers);
      if (status != 200) {
        return Classifier.reply(
            vendor, status, view, body.getBytes(StandardCharsets.ISO_8859_1), NOW);
      }
      return new String(body.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith("data:"))
          .map(line -> line.substring("data:".length()))
          .flatMap(data -> Classifier.event(vendor, "", data, view, NOW).stream())
          .<Outcome>map(failure -> failure)
          .findFirst()
          .orElseGet(Outcome.Delivered::new);
    }
  }

  private RecordedReplies() {}

  /** The refusals in the file; calls that were answered stand in some files beside them. */
  static List<Reply> errorsIn(Path file) throws IOException {
    String text = Files.readString(file);
    if (file.toString().endsWith(".json")) {
      return List.of(ofJson(MAPPER.readTree(text)));
    }
    JsonNode root = MAPPER.valueToTree(new Yaml(new WithBytes()).load(text));
    JsonNode interactions =
        root.has("http_interactions") ? root.path("http_interactions") : root.path("interactions");
    List<Reply> replies = new ArrayList<>();
    for (JsonNode interaction : interactions) {
      Reply reply = ofInteraction(interaction.path("response"));
      boolean failsInStream =
          replies.isEmpty() && reply.status() == 200 && file.toString().contains("inside-200");
      if (reply.status() >= 400 || failsInStream) {
        replies.add(reply);
      }
    }
    return replies;
  }

  private static Reply ofJson(JsonNode root) throws JsonProcessingException {
    JsonNode exception = root.path("response").path("exception_data");
    return exception.isObject()
        ? new Reply(
            exception.path("status_code").asInt(),
            Map.of(),
            chars(MAPPER.writeValueAsBytes(exception.path("body"))))
        : new Reply(UNRECORDED_STATUS, Map.of(), chars(MAPPER.writeValueAsBytes(root)));
  }

  private static Reply ofInteraction(JsonNode response) throws IOException {
    JsonNode status = response.path("status");
    int code = status.isObject() ? status.path("code").asInt() : response.path("code").asInt();
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    response
        .path("headers")
        .propertyStream()
        .forEach(header -> {
          JsonNode value = header.getValue();
          headers.put(header.getKey(), (value.isArray() ? value.path(0) : value).asText());
        });
    byte[] body = body(response);
    if (body.length < 2 || (body[0] & 0xff) != 0x1f) {
      headers.remove("content-encoding"); // the recorder undid it
    }
    return new Reply(code, headers, chars(body));
  }

  private static String chars(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static byte[] body(JsonNode response) throws IOException {
    if (response.has("parsed_body")) {
      return MAPPER.writeValueAsBytes(response.path("parsed_body"));
    }
    JsonNode body = response.path("body");
    JsonNode text = body.isObject() ? body.path("string") : body;
    return text.isBinary() ? text.binaryValue() : text.asText().getBytes(StandardCharsets.UTF_8);
  }

  /** Safe YAML in which bytes may have the local tag that Ruby gives them. */
  private static final class WithBytes extends SafeConstructor {
    WithBytes() {
      super(new LoaderOptions());
      yamlConstructors.put(
          new Tag("!binary"),
          new AbstractConstruct() {
            @Override
            public Object construct(Node node) {
              return Base64.getMimeDecoder().decode(((ScalarNode) node).getValue());
            }
          });
    }
  }
}
