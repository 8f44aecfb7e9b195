package dev.changeover.gateway.dialect;

import dev.changeover.gateway.dialect.CallerCodec.StreamWriter;
import dev.changeover.gateway.dialect.ProviderCodec.StreamReader;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * One attempt's stream, event by event: what each means, and the bytes for the caller. Where both
 * sides speak one dialect these are the provider's own. Not thread-safe; one relay an attempt.
 */
public final class StreamRelay {
  private static final byte[] NOTHING = {};

  private final Dialect outbound;
  private final boolean sameDialect;
  private final boolean usageUnasked;
  private final boolean structuredOutput;
  private final StreamReader reader;
  private final StreamWriter writer;
  private final SequencedSet<String> leftOut = new LinkedHashSet<>();
  private Optional<String> id = Optional.empty();
  private Optional<String> model = Optional.empty();
  private Optional<StopReason> stopReason = Optional.empty();
  private boolean contentSeen;
  private boolean ended;

  private StreamRelay(InboundRequest request, Dialect outbound, ReplyContext context) {
    this.outbound = outbound;
    this.sameDialect = request.dialect() == outbound;
    this.usageUnasked = outbound == Dialect.OPENAI_CHAT && !request.usageAsked();
    this.structuredOutput = request.structuredOutput();
    this.reader = Codecs.ofProvider(outbound).streamReader(request.choices());
    this.writer = Codecs.ofCaller(request.dialect()).streamWriter(context, request.usageAsked());
  }

  public static StreamRelay of(InboundRequest request, Dialect outbound, ReplyContext context) {
    return new StreamRelay(request, outbound, context);
  }

  /** Takes the provider's next event. */
  public StreamStep on(SseEvent event) {
    List<ChatEvent> events = reader.read(event);
    note(events);
    Meaning meaning = meaning(event, events);
    return new StreamStep(toCaller(event, events, meaning), meaning);
  }

  private void note(List<ChatEvent> events) {
    for (ChatEvent event : events) {
      switch (event) {
        case ChatEvent.Started start -> {
          id = start.id().or(() -> id);
          model = start.model().or(() -> model);
        }
        case ChatEvent.Text _ -> contentSeen = true;
        case ChatEvent.Uncarried(String what, boolean omittable) -> {
          contentSeen = true;
          if (!sameDialect && omittable) {
            leftOut.add(what);
          }
        }
        case ChatEvent.Stopped stop -> stopReason = Optional.of(stop.reason());
        case ChatEvent.Ended _ -> ended = true;
        case ChatEvent.Counted _, ChatEvent.Failed _, ChatEvent.Unreadable _ -> {}
      }
    }
  }

  /** The weightiest thing that the event says. */
  private Meaning meaning(SseEvent event, List<ChatEvent> events) {
    boolean content = false;
    Optional<Meaning> stopped = Optional.empty();
    Meaning other = new Meaning.Quiet();
    for (ChatEvent each : events) {
      switch (each) {
        case ChatEvent.Failed _ -> {
          return new Meaning.ErrorEvent(event.name().orElse(""), event.data());
        }
        case ChatEvent.Unreadable(String what) -> {
          return new Meaning.Malformed(what, !reader.openToolCall() && !structuredOutput);
        }
        case ChatEvent.Uncarried(String what, boolean omittable) -> {
          if (!sameDialect && !omittable) {
            return new Meaning.Malformed(what + " that nobody asked for", false);
          }
          content = true;
        }
        case ChatEvent.Text _ -> content = true;
        case ChatEvent.Stopped(StopReason reason, Optional<String> _) ->
            stopped = Optional.of(new Meaning.Finish(reason, content));
        case ChatEvent.Ended _ -> other = new Meaning.End();
        case ChatEvent.Counted counted -> other = new Meaning.Counted(counted.usage());
        case ChatEvent.Started _ -> {}
      }
    }
    if (stopped.isPresent()) {
      return stopped.get();
    }
    return content ? new Meaning.Content() : other;
  }

  private byte[] toCaller(SseEvent event, List<ChatEvent> events, Meaning meaning) {
    return switch (meaning) {
      case Meaning.ErrorEvent _, Meaning.Malformed _ -> NOTHING;
      case Meaning.Quiet _, Meaning.Content _, Meaning.Finish _, Meaning.Counted _, Meaning.End _ ->
          sameDialect ? asItCame(event, events) : translated(events);
    };
  }

  private byte[] asItCame(SseEvent event, List<ChatEvent> events) {
    boolean unasked =
        usageUnasked
            && events.stream()
                .anyMatch(each -> each instanceof ChatEvent.Counted counted && counted.alone());
    return unasked ? NOTHING : event.raw();
  }

  private byte[] translated(List<ChatEvent> events) {
    if (events.isEmpty()) {
      return NOTHING;
    }
    var out = new ByteArrayOutputStream();
    events.forEach(event -> writer.write(event, out));
    return out.toByteArray();
  }

  /**
   * What is still to be sent at the end of the provider's stream, so that the caller sees a
   * complete one although the terminal marker is missing. Empty when nothing is missing, and when
   * the stream is not {@link #complete}.
   */
  public byte[] finish() {
    if (ended || !complete()) {
      return NOTHING;
    }
    ended = true;
    if (sameDialect) {
      return Codecs.ofProvider(outbound).terminalMarker();
    }
    var out = new ByteArrayOutputStream();
    writer.finish(out);
    return out.toByteArray();
  }

  /**
   * Whether a finish or stop reason was seen for everything that was begun; OpenAI's terminal
   * marker counts as one where a server sends no finish reasons at all.
   */
  public boolean complete() {
    return reader.complete();
  }

  /** Why the stream, now that it is over, is no answer: cut short, or nothing said. */
  public Optional<String> unusable() {
    if (!complete()) {
      return Optional.of("the stream ended before its finish reason");
    }
    boolean explained = stopReason.filter(StopReason::explainsSilence).isPresent();
    return contentSeen || explained ? Optional.empty() : Optional.of("an empty answer");
  }

  /** Whether any content was seen. */
  public boolean contentSeen() {
    return contentSeen;
  }

  /** Whether a tool call has begun and is not over. */
  public boolean openToolCall() {
    return reader.openToolCall();
  }

  /** The tokens as last counted by the provider. */
  public Optional<Usage> usage() {
    return reader.usage();
  }

  public Optional<StopReason> stopReason() {
    return stopReason;
  }

  /** The provider's id of the answer. */
  public Optional<String> id() {
    return id;
  }

  /** The model that the provider names. */
  public Optional<String> model() {
    return model;
  }

  /** What the caller's dialect has no word for and was left out (the model's reasoning). */
  public List<String> leftOut() {
    return List.copyOf(leftOut);
  }
}
