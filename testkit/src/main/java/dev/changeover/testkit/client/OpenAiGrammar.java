package dev.changeover.testkit.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.testkit.client.ChatResult.Reply;
import dev.changeover.testkit.provider.Dialect;

/** Chat completion chunks: one id, a role, contents, one finish reason, usage, {@code [DONE]}. */
final class OpenAiGrammar implements StreamGrammar {
  private final StreamFindings found = new StreamFindings();
  private String id = "";

  @Override
  public void take(SseText.Event event) {
    found.requireOpen();
    if (event.data().equals("[DONE]")) {
      found.require(found.finished(), "[DONE] without a finish reason");
      found.end();
      return;
    }
    JsonNode json = Judgement.parse(event.data());
    if (Judgement.isError(Dialect.OPENAI, json)) {
      found.error(json);
      return;
    }
    found.require(
        json.path("object").asText("").equals("chat.completion.chunk"), "no chunk: an event");
    String chunkId = json.path("id").asText("");
    found.require(!chunkId.isEmpty(), "a chunk without id");
    found.require(id.isEmpty() || id.equals(chunkId), "two ids in one stream");
    id = chunkId;
    if (json.path("usage").isObject()) {
      found.usage(Judgement.openAiUsage(json.path("usage")));
    }
    json.path("choices").forEach(this::choice);
  }

  private void choice(JsonNode choice) {
    found.require(choice.path("index").asInt(-1) == 0, "another choice than the first");
    String content = choice.path("delta").path("content").asText("");
    found.require(content.isEmpty() || !found.finished(), "content after the finish reason");
    if (choice.path("delta").path("content").isTextual()) {
      found.text(content);
    }
    if (choice.path("finish_reason").isTextual()) {
      found.finish(choice.path("finish_reason").textValue());
    }
  }

  @Override
  public ChatResult result(Reply reply, boolean broken) {
    return found.result(reply, broken);
  }
}
