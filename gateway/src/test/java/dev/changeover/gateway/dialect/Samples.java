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

  /** A whole stream of OpenAI's, with its usage chunk and a word of several bytes. */
  static final String OPENAI_STREAM =
      chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null")
          + chunk("{\"content\":\"Caf\"}", "null")
          + chunk("{\"content\":\"é ☃\"}", "null")
          + chunk("{}", "\"stop\"")
          + "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"gpt-x\","
          + "\"choices\":[],\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":7,\"total_tokens\":27,"
          + "\"prompt_tokens_details\":{\"cached_tokens\":8}}}\n\n"
          + "data: [DONE]\n\n";

  /** A whole stream of Anthropic's, with a ping and padding. */
  static final String ANTHROPIC_STREAM =
      typed(
              "message_start",
              "\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-x\","
                  + "\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":12,"
                  + "\"cache_read_input_tokens\":8,\"output_tokens\":1}}")
          + typed(
              "content_block_start",
              "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}")
          + "event: ping\ndata: {\"type\": \"ping\"}\n\n"
          + textDelta("Caf")
          + textDelta("é ☃")
          + typed("content_block_stop", "\"index\":0")
          + typed(
              "message_delta",
              "\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":7}")
          + "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

  private Samples() {}

  static String chunk(String delta, String finishReason) {
    return "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"gpt-x\","
        + "\"choices\":[{\"index\":0,\"delta\":"
        + delta
        + ",\"finish_reason\":"
        + finishReason
        + "}]}\n\n";
  }

  static String typed(String type, String fields) {
    return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + fields + "   }\n\n";
  }

  static String textDelta(String text) {
    return typed(
        "content_block_delta",
        "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" + text + "\"}");
  }

  static String stream(Dialect outbound) {
    return switch (outbound) {
      case OPENAI_CHAT -> OPENAI_STREAM;
      case ANTHROPIC_MESSAGES -> ANTHROPIC_STREAM;
      case GENERATE -> throw new IllegalArgumentException("no provider speaks generate");
    };
  }

  /** What the steps come to, as a person reads it. */
  static String shown(StreamStep step) {
    String meaning =
        switch (step.meaning()) {
          case Meaning.ErrorEvent(String name, byte[] data) -> "Error[" + name + "] " + text(data);
          case Meaning.Quiet _,
              Meaning.Content _,
              Meaning.Finish _,
              Meaning.Counted _,
              Meaning.End _,
              Meaning.Malformed _ ->
              step.meaning().toString();
        };
    return meaning + " -> " + text(step.toCaller());
  }

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
