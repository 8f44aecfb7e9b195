package dev.changeover.gateway.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.util.Optional;

/**
 * A stream as a message of one text block. The tokens come with the stop reason in one event, so
 * that event waits until the provider's stream is over: OpenAI counts last.
 */
final class AnthropicStreamWriter implements CallerCodec.StreamWriter {
  private String id;
  private String model;
  private Optional<Usage> usage = Optional.empty();
  private Optional<StopReason> stop = Optional.empty();
  private Optional<String> stopSequence = Optional.empty();
  private boolean started;
  private boolean blockOpen;
  private boolean finished;

  AnthropicStreamWriter(ReplyContext context) {
    this.id = context.requestId();
    this.model = context.model();
  }

  @Override
  public void write(ChatEvent event, ByteArrayOutputStream out) {
    switch (event) {
      case ChatEvent.Started begin -> {
        if (!started) {
          id = begin.id().orElse(id);
          model = begin.model().orElse(model);
          start(out);
        }
      }
      case ChatEvent.Text(String text) -> {
        start(out);
        openBlock(out);
        ObjectNode delta = index("content_block_delta");
        delta.putObject("delta").put("type", "text_delta").put("text", text);
        Sse.writeTyped(delta, out);
      }
      case ChatEvent.Stopped(StopReason reason, Optional<String> sequence) -> {
        start(out);
        closeBlock(out);
        stop = Optional.of(reason);
        stopSequence = sequence;
      }
      case ChatEvent.Counted counted -> usage = Optional.of(counted.usage());
      case ChatEvent.Ended _ -> finish(out);
      case ChatEvent.Uncarried _, ChatEvent.Failed _, ChatEvent.Unreadable _ -> {}
    }
  }

  @Override
  public void finish(ByteArrayOutputStream out) {
    if (stop.isEmpty() || finished) {
      return;
    }
    finished = true;
    ObjectNode last = Json.object().put("type", "message_delta");
    last.putObject("delta")
        .put("stop_reason", AnthropicWords.word(stop.get()))
        .put("stop_sequence", stopSequence.orElse(null));
    last.set("usage", AnthropicWords.usage(usage.orElse(AnthropicWords.NONE)));
    Sse.writeTyped(last, out);
    out.writeBytes(Codecs.ofProvider(Dialect.ANTHROPIC_MESSAGES).terminalMarker());
  }

  private void start(ByteArrayOutputStream out) {
    if (started) {
      return;
    }
    started = true;
    ObjectNode event = Json.object().put("type", "message_start");
    ObjectNode message =
        event
            .putObject("message")
            .put("id", id)
            .put("type", "message")
            .put("role", "assistant")
            .put("model", model);
    message.putArray("content");
    message.putNull("stop_reason").putNull("stop_sequence");
    message.set("usage", AnthropicWords.usage(usage.orElse(AnthropicWords.NONE)));
    Sse.writeTyped(event, out);
  }

  private void openBlock(ByteArrayOutputStream out) {
    if (!blockOpen) {
      blockOpen = true;
      ObjectNode event = index("content_block_start");
      event.putObject("content_block").put("type", "text").put("text", "");
      Sse.writeTyped(event, out);
    }
  }

  private void closeBlock(ByteArrayOutputStream out) {
    if (blockOpen) {
      blockOpen = false;
      Sse.writeTyped(index("content_block_stop"), out);
    }
  }

  private static ObjectNode index(String type) {
    return Json.object().put("type", type).put("index", 0);
  }
}
