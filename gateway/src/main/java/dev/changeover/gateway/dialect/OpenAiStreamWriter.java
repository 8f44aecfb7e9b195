package dev.changeover.gateway.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.util.Optional;

/** A stream as chat completion chunks: role, content, finish, usage where asked for, end. */
final class OpenAiStreamWriter implements CallerCodec.StreamWriter {
  private final ReplyContext context;
  private final boolean usageAsked;
  private String id;
  private String model;
  private Optional<Usage> usage = Optional.empty();
  private boolean started;
  private boolean stopped;
  private boolean finished;

  OpenAiStreamWriter(ReplyContext context, boolean usageAsked) {
    this.context = context;
    this.usageAsked = usageAsked;
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
        choice(Json.object().put("content", text), Optional.empty(), out);
      }
      case ChatEvent.Stopped(StopReason reason, Optional<String> _) -> {
        start(out);
        stopped = true;
        choice(Json.object(), Optional.of(OpenAiWords.word(reason)), out);
      }
      case ChatEvent.Counted counted -> usage = Optional.of(counted.usage());
      case ChatEvent.Ended _ -> finish(out);
      case ChatEvent.Uncarried _, ChatEvent.Failed _, ChatEvent.Unreadable _ -> {}
    }
  }

  @Override
  public void finish(ByteArrayOutputStream out) {
    if (!stopped || finished) {
      return;
    }
    finished = true;
    if (usageAsked) {
      ObjectNode chunk = chunk();
      chunk.putArray("choices");
      usage.ifPresentOrElse(
          tokens -> chunk.set("usage", OpenAiWords.usage(tokens)), () -> chunk.putNull("usage"));
      Sse.write(chunk, out);
    }
    out.writeBytes(Codecs.ofProvider(Dialect.OPENAI_CHAT).terminalMarker());
  }

  private void start(ByteArrayOutputStream out) {
    if (!started) {
      started = true;
      choice(Json.object().put("role", "assistant").put("content", ""), Optional.empty(), out);
    }
  }

  private void choice(ObjectNode delta, Optional<String> finishReason, ByteArrayOutputStream out) {
    ObjectNode chunk = chunk();
    ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
    choice.set("delta", delta);
    choice.putNull("logprobs").put("finish_reason", finishReason.orElse(null));
    Sse.write(chunk, out);
  }

  private ObjectNode chunk() {
    return Json.object()
        .put("id", id)
        .put("object", "chat.completion.chunk")
        .put("created", context.startedAt().getEpochSecond())
        .put("model", model);
  }
}
