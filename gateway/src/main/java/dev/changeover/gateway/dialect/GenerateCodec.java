package dev.changeover.gateway.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.gateway.dialect.ChatRequest.Role;
import dev.changeover.gateway.dialect.ChatRequest.Turn;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Our own plain dialect: a prompt in, the content and who gave it out. */
final class GenerateCodec implements CallerCodec {
  @Override
  public Carrying decodeRequest(ObjectNode body) {
    var notes = new Carrying.Notes();
    for (Map.Entry<String, JsonNode> field : body.properties()) {
      switch (field.getKey()) {
        case "prompt", "model", "max_tokens", "temperature", "stream" -> {}
        case "metadata" -> {} // for the log and the trace only, by definition
        default ->
            notes.adjust(Fields.shortened(field.getKey()) + ": not known to generate, left out");
      }
    }
    return notes.settle(
        new ChatRequest(
            body.path("model").asText(""),
            List.of(),
            List.of(new Turn(Role.USER, List.of(body.path("prompt").asText("")))),
            Fields.count(body, "max_tokens", notes),
            Fields.number(body, "temperature", notes),
            OptionalDouble.empty(),
            List.of(),
            body.path("stream").asBoolean(false)));
  }

  @Override
  public ObjectNode encodeAnswer(ChatAnswer answer, ReplyContext context) {
    return answer(
        Optional.of(answer.text()),
        answer.model().orElse(context.model()),
        answer.usage(),
        context);
  }

  private static ObjectNode answer(
      Optional<String> content, String model, Optional<Usage> usage, ReplyContext context) {
    ObjectNode body = Json.object();
    content.ifPresent(text -> body.put("content", text));
    body.put("provider", context.provider()).put("model", model);
    usage.ifPresentOrElse(
        tokens -> body.put("tokens_used", tokens.total()), () -> body.putNull("tokens_used"));
    return body.put("latency_ms", context.elapsedMillis().getAsLong());
  }

  @Override
  public StreamWriter streamWriter(ReplyContext context, boolean usageAsked) {
    return new Writer(context);
  }

  /** A delta an event, and a last event that says what an answer in one piece says. */
  private static final class Writer implements StreamWriter {
    /** The longest content that is repeated in the last event. */
    private static final int CONTENT_CHARS_MAX = 4 << 20;

    private final ReplyContext context;
    private final StringBuilder content = new StringBuilder();
    private String model;
    private Optional<Usage> usage = Optional.empty();
    private boolean tooLong;
    private boolean stopped;
    private boolean finished;

    Writer(ReplyContext context) {
      this.context = context;
      this.model = context.model();
    }

    @Override
    public void write(ChatEvent event, ByteArrayOutputStream out) {
      switch (event) {
        case ChatEvent.Text(String text) -> delta(text, out);
        case ChatEvent.Started start -> model = start.model().orElse(model);
        case ChatEvent.Counted counted -> usage = Optional.of(counted.usage());
        case ChatEvent.Stopped _ -> stopped = true;
        case ChatEvent.Ended _ -> finish(out);
        case ChatEvent.Uncarried _, ChatEvent.Failed _, ChatEvent.Unreadable _ -> {}
      }
    }

    private void delta(String text, ByteArrayOutputStream out) {
      tooLong = tooLong || content.length() + text.length() > CONTENT_CHARS_MAX;
      if (!tooLong) {
        content.append(text);
      }
      Sse.write(Json.object().put("delta", text), out);
    }

    @Override
    public void finish(ByteArrayOutputStream out) {
      if (!stopped || finished) {
        return;
      }
      finished = true;
      Optional<String> whole = tooLong ? Optional.empty() : Optional.of(content.toString());
      Sse.write(answer(whole, model, usage, context), out);
    }
  }
}
