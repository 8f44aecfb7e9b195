package dev.changeover.testkit.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.testkit.client.ChatResult.Reply;
import dev.changeover.testkit.client.ChatResult.Usage;
import dev.changeover.testkit.provider.Dialect;

/** A message, blocks one after another with rising indices, one delta of the message, its stop. */
final class AnthropicGrammar implements StreamGrammar {
  private static final int NO_BLOCK = -1;

  private final StreamFindings found = new StreamFindings();
  private boolean started;
  private int nextBlock;
  private int openBlock = NO_BLOCK;
  private long inputTokens;

  @Override
  public void take(SseText.Event event) {
    found.requireOpen();
    JsonNode json = Judgement.parse(event.data());
    String type = json.path("type").asText("");
    found.require(event.name().equals(type), "an event named other than its type");
    found.require(
        started || type.equals("message_start") || type.equals("error") || type.equals("ping"),
        type + " before message_start");
    switch (type) {
      case "message_start" -> start(json);
      case "content_block_start" -> startBlock(json);
      case "content_block_delta" -> delta(json);
      case "content_block_stop" -> stopBlock(json);
      case "message_delta" -> messageDelta(json);
      case "message_stop" -> {
        found.require(found.finished(), "message_stop without a stop reason");
        found.end();
      }
      case "error" -> {
        found.require(Judgement.isError(Dialect.ANTHROPIC, json), "an error without its shape");
        found.error(json);
      }
      case "ping" -> {}
      default -> found.require(false, "an unknown event");
    }
  }

  private void start(JsonNode json) {
    found.require(!started, "two message_start");
    found.require(json.path("message").path("id").isTextual(), "a message without id");
    started = true;
    inputTokens = json.path("message").path("usage").path("input_tokens").asLong(0);
  }

  private void startBlock(JsonNode json) {
    found.require(openBlock == NO_BLOCK, "a block inside a block");
    found.require(json.path("index").asInt(NO_BLOCK) == nextBlock, "block indices do not rise");
    found.require(!found.finished(), "a block after message_delta");
    openBlock = nextBlock;
    nextBlock++;
    found.text(json.path("content_block").path("text").asText(""));
  }

  private void delta(JsonNode json) {
    found.require(inOpenBlock(json), "a delta outside its block");
    found.text(json.path("delta").path("text").asText(""));
  }

  private void stopBlock(JsonNode json) {
    found.require(inOpenBlock(json), "a stop outside its block");
    openBlock = NO_BLOCK;
  }

  private boolean inOpenBlock(JsonNode json) {
    return openBlock != NO_BLOCK && json.path("index").asInt(NO_BLOCK) == openBlock;
  }

  private void messageDelta(JsonNode json) {
    found.require(openBlock == NO_BLOCK, "message_delta inside a block");
    found.require(
        json.path("delta").path("stop_reason").isTextual(), "a delta without stop reason");
    found.finish(json.path("delta").path("stop_reason").asText(""));
    JsonNode usage = json.path("usage");
    found.usage(
        new Usage(
            usage.path("input_tokens").asLong(inputTokens), usage.path("output_tokens").asLong(0)));
  }

  @Override
  public ChatResult result(Reply reply, boolean broken) {
    return found.result(reply, broken);
  }
}
