package dev.changeover.gateway.dialect;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;

/**
 * The reserved model, which no provider serves: the gateway itself says again what it was told
 * last. So a caller can tell whether a gateway answers without spending anything.
 */
public final class Echo {
  /** Its name. */
  public static final String MODEL = "changeover-echo";

  /** What is said again at most. */
  private static final int CHARS_MAX = 1_000;

  private static final Usage NOTHING_SPENT = new Usage(0, 0, 0, 0, 0);

  private Echo() {}

  /** The whole answer in the caller's dialect: a body, or the events of a stream. */
  public static byte[] answer(InboundRequest request, ReplyContext context) {
    CallerCodec codec = Codecs.ofCaller(request.dialect());
    String text = lastSaid(request, codec);
    if (!request.streaming()) {
      return Json.bytes(
          codec.encodeAnswer(
              new ChatAnswer(
                  Optional.empty(),
                  Optional.of(MODEL),
                  text,
                  Optional.of(StopReason.STOP),
                  Optional.empty(),
                  Optional.of(NOTHING_SPENT),
                  List.of()),
              context));
    }
    var out = new ByteArrayOutputStream();
    CallerCodec.StreamWriter writer = codec.streamWriter(context, request.usageAsked());
    List.of(
            new ChatEvent.Started(Optional.empty(), Optional.of(MODEL)),
            new ChatEvent.Text(text),
            new ChatEvent.Stopped(StopReason.STOP, Optional.empty()),
            new ChatEvent.Counted(NOTHING_SPENT, true),
            new ChatEvent.Ended())
        .forEach(event -> writer.write(event, out));
    writer.finish(out);
    return out.toByteArray();
  }

  /** The last turn's text; none where it holds more than text. */
  private static String lastSaid(InboundRequest request, CallerCodec codec) {
    return request.tree().map(codec::decodeRequest).map(Echo::lastSaid).orElse("");
  }

  private static String lastSaid(Carrying carrying) {
    return switch (carrying) {
      case Carrying.Carried(ChatRequest request, var _) when !request.turns().isEmpty() -> {
        String text = request.turns().getLast().texts().getLast();
        yield text.substring(0, Math.min(text.length(), CHARS_MAX));
      }
      case Carrying.Carried _, Carrying.NotCarried _ -> "";
    };
  }
}
