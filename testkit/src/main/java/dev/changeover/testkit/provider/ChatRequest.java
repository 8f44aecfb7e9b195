package dev.changeover.testkit.provider;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A request's body, read leniently: what is missing or malformed is an objection elsewhere. */
record ChatRequest(JsonNode json) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
  private static final Pattern TAG = Pattern.compile("#[A-Za-z0-9_-]{1,64}");
  private static final int CHARACTERS_A_TOKEN = 4;

  static ChatRequest of(Body body) {
    try {
      return new ChatRequest(JSON.readTree(body.bytes()));
    } catch (IOException e) {
      return new ChatRequest(MissingNode.getInstance());
    }
  }

  String model() {
    return json.path("model").asText("");
  }

  boolean streaming() {
    return json.path("stream").asBoolean(false);
  }

  boolean usageInStream() {
    return json.path("stream_options").path("include_usage").asBoolean(false);
  }

  /** The limit on new tokens, under either vendor's names. */
  int maxTokens() {
    JsonNode limit = json.path("max_completion_tokens");
    if (limit.isMissingNode()) {
      limit = json.path("max_tokens");
    }
    return limit.canConvertToInt() && limit.isIntegralNumber()
        ? limit.intValue()
        : Integer.MAX_VALUE;
  }

  /** The stop sequences, under either vendor's names. */
  List<String> stops() {
    List<String> stops = new ArrayList<>();
    for (String field : List.of("stop", "stop_sequences")) {
      JsonNode value = json.path(field);
      if (value.isTextual()) {
        stops.add(value.textValue());
      }
      value.forEach(item -> stops.add(item.asText("")));
    }
    stops.removeIf(String::isEmpty);
    return stops;
  }

  /** The last tag of the last user message; empty where there is none. */
  String tag() {
    String last = "";
    for (JsonNode message : json.path("messages")) {
      if (message.path("role").asText("").equals("user")) {
        last = text(message.path("content"));
      }
    }
    String tag = "";
    for (Matcher matcher = TAG.matcher(last); matcher.find(); ) {
      tag = matcher.group();
    }
    return tag;
  }

  /** A plausible count: nobody's tokenizer. */
  int promptTokens() {
    int characters = text(json.path("system")).length();
    for (JsonNode message : json.path("messages")) {
      characters += text(message.path("content")).length() + CHARACTERS_A_TOKEN;
    }
    return 3 + characters / CHARACTERS_A_TOKEN;
  }

  private static String text(JsonNode content) {
    if (content.isTextual()) {
      return content.textValue();
    }
    var text = new StringBuilder();
    content.forEach(part -> text.append(part.path("text").asText("")).append('\n'));
    return text.toString();
  }
}
