package dev.changeover.testkit.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.changeover.testkit.client.BodyCollector.Collected;
import dev.changeover.testkit.client.ChatResult.Broken;
import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.client.ChatResult.HonestError;
import dev.changeover.testkit.client.ChatResult.Left;
import dev.changeover.testkit.client.ChatResult.Reply;
import dev.changeover.testkit.client.ChatResult.Usage;
import dev.changeover.testkit.provider.Dialect;

/** Tells a whole answer from an honest error and from anything else. */
final class Judgement {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Judgement() {}

  static ChatResult of(Reply reply, Collected body) {
    return switch (body.ended()) {
      case LEFT -> new Left(reply);
      case TOO_LONG -> new Broken(reply, "the body has no end", "");
      case WELL, LOST -> ofWhatCame(reply, body);
    };
  }

  private static ChatResult ofWhatCame(Reply reply, Collected body) {
    boolean lost = body.ended() == BodyCollector.Ended.LOST;
    if (reply.status() == 200 && reply.call().streaming()) {
      return ofStream(reply, body.text(), lost);
    }
    if (lost) {
      return new Broken(reply, "the connection was lost in the body", "");
    }
    JsonNode json = parse(body.text());
    return reply.status() == 200 ? ofAnswer(reply, json) : ofError(reply, json);
  }

  private static ChatResult ofStream(Reply reply, String body, boolean lost) {
    if (!reply.header("content-type").orElse("").startsWith("text/event-stream")) {
      return new Broken(reply, "no event stream", "");
    }
    StreamGrammar grammar =
        switch (reply.call().dialect()) {
          case OPENAI -> new OpenAiGrammar();
          case ANTHROPIC -> new AnthropicGrammar();
        };
    SseText events = SseText.parse(body);
    for (SseText.Event event : events.events()) {
      grammar.take(event);
    }
    return grammar.result(reply, lost || !events.endsWell());
  }

  private static ChatResult ofAnswer(Reply reply, JsonNode json) {
    return switch (reply.call().dialect()) {
      case OPENAI -> openAiAnswer(reply, json);
      case ANTHROPIC -> anthropicAnswer(reply, json);
    };
  }

  private static ChatResult openAiAnswer(Reply reply, JsonNode json) {
    JsonNode choice = json.path("choices").path(0);
    JsonNode content = choice.path("message").path("content");
    if (!json.path("object").asText().equals("chat.completion")
        || !content.isTextual()
        || !choice.path("finish_reason").isTextual()) {
      return new Broken(reply, "no whole chat completion", "");
    }
    return new Complete(
        reply,
        content.textValue(),
        choice.path("finish_reason").textValue(),
        openAiUsage(json.path("usage")));
  }

  private static ChatResult anthropicAnswer(Reply reply, JsonNode json) {
    if (!json.path("type").asText().equals("message")
        || json.path("content").isEmpty()
        || !json.path("stop_reason").isTextual()) {
      return new Broken(reply, "no whole message", "");
    }
    var text = new StringBuilder();
    json.path("content").forEach(block -> text.append(block.path("text").asText("")));
    return new Complete(
        reply,
        text.toString(),
        json.path("stop_reason").textValue(),
        anthropicUsage(json.path("usage")));
  }

  private static ChatResult ofError(Reply reply, JsonNode json) {
    if (!isError(reply.call().dialect(), json)) {
      return new Broken(reply, "status " + reply.status() + " without an error of the dialect", "");
    }
    return honest(reply, json, false, "");
  }

  static boolean isError(Dialect dialect, JsonNode json) {
    JsonNode error = json.path("error");
    boolean named = error.path("type").isTextual() && error.path("message").isTextual();
    return switch (dialect) {
      case OPENAI -> named && error.has("param") && error.has("code") && !json.has("type");
      case ANTHROPIC -> named && json.path("type").asText("").equals("error");
    };
  }

  static HonestError honest(Reply reply, JsonNode json, boolean inStream, String textBefore) {
    JsonNode error = json.path("error");
    return new HonestError(
        reply,
        error.path("type").asText(),
        error.path("code").isTextual() ? error.path("code").textValue() : "",
        error.path("message").asText(),
        inStream,
        textBefore);
  }

  static Usage openAiUsage(JsonNode usage) {
    return new Usage(
        usage.path("prompt_tokens").asLong(0), usage.path("completion_tokens").asLong(0));
  }

  static Usage anthropicUsage(JsonNode usage) {
    return new Usage(usage.path("input_tokens").asLong(0), usage.path("output_tokens").asLong(0));
  }

  static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }
}
