package dev.changeover.gateway.dialect;

import dev.changeover.contract.Overrides;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;

/** Values that several tests of this package start from. */
final class Samples {
  static final ReplyContext CONTEXT =
      new ReplyContext(
          "req-1", "team/openai", "the-model", Instant.ofEpochSecond(1_700_000_000), () -> 1234);

  static final Overrides ALL_OVERRIDES =
      new Overrides(
          OptionalDouble.of(0.5),
          OptionalDouble.of(0.9),
          OptionalInt.of(200),
          List.of("END"),
          Optional.of("Before."),
          Optional.of("After."));

  private Samples() {}

  static TargetShape target(String model) {
    return target(model, Overrides.NONE);
  }

  static TargetShape target(String model, Overrides overrides) {
    return new TargetShape(model, overrides, OptionalInt.empty(), false, false);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static InboundRequest request(Dialect dialect, String body) {
    return switch (InboundRequest.read(dialect, bytes(body))) {
      case Reading.Understood(InboundRequest request) -> request;
      case Reading.Mistaken(String message, Optional<String> _, int _) ->
          throw new AssertionError(message);
    };
  }

  /** A request that streams, as short as its dialect allows. */
  static InboundRequest streamed(Dialect dialect) {
    return request(
        dialect,
        switch (dialect) {
          case OPENAI_CHAT ->
              "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
          case ANTHROPIC_MESSAGES ->
              "{\"model\":\"m\",\"stream\":true,\"max_tokens\":9,"
                  + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
          case GENERATE -> "{\"prompt\":\"Hi\",\"stream\":true}";
        });
  }

  /** The same bytes in pieces, cut at random places. */
  static List<byte[]> split(byte[] stream, Random random) {
    List<byte[]> pieces = new ArrayList<>();
    int from = 0;
    while (from < stream.length) {
      int length = Math.min(stream.length - from, 1 + random.nextInt(1 + random.nextInt(60)));
      pieces.add(Arrays.copyOfRange(stream, from, from + length));
      from += length;
    }
    return pieces;
  }

  /** All events of a stream that comes in these pieces, the unfinished last one included. */
  static List<SseEvent> events(List<byte[]> pieces) {
    var reader = new SseReader();
    List<SseEvent> events = new ArrayList<>();
    pieces.forEach(piece -> events.addAll(reader.read(piece, 0, piece.length)));
    reader.rest().ifPresent(events::add);
    return events;
  }

  static List<SseEvent> events(String stream) {
    return events(List.of(bytes(stream)));
  }
}
