package dev.changeover.gateway.dialect;

import static dev.changeover.gateway.dialect.Dialect.ANTHROPIC_MESSAGES;
import static dev.changeover.gateway.dialect.Dialect.GENERATE;
import static dev.changeover.gateway.dialect.Dialect.OPENAI_CHAT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.testkit.Seeds;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class StreamRelayTest {
  private static final InboundRequest USAGE_ASKED =
      Samples.request(
          OPENAI_CHAT,
          "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true},"
              + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");

  record Pair(Dialect inbound, Dialect outbound) {
    StreamRelay relay() {
      return StreamRelay.of(Samples.streamed(inbound), outbound, Samples.CONTEXT);
    }
  }

  static Stream<Pair> pairs() {
    return Stream.of(Dialect.values())
        .flatMap(inbound ->
            Stream.of(OPENAI_CHAT, ANTHROPIC_MESSAGES)
                .map(outbound -> new Pair(inbound, outbound)));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void everySplitGivesTheSameSteps(Pair pair) {
    byte[] stream = Samples.bytes(Samples.stream(pair.outbound()));
    List<String> whole = steps(pair.relay(), List.of(stream));
    Seeds.forEach(
        100,
        random -> assertThat(steps(pair.relay(), Samples.split(stream, random))).isEqualTo(whole));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void wholeStreamIsCompleteAndCounted(Pair pair) {
    // Given
    StreamRelay relay = pair.relay();
    // When
    List<StreamStep> steps = run(relay, Samples.stream(pair.outbound()));
    // Then
    assertThat(relay.complete()).isTrue();
    assertThat(relay.usage()).contains(new Usage(20, 8, 0, 7, 0));
    assertThat(relay.stopReason()).contains(StopReason.STOP);
    assertThat(relay.id()).isPresent();
    assertThat(relay.model()).isPresent();
    assertThat(relay.finish()).isEmpty();
    assertThat(steps.getFirst().meaning())
        .isEqualTo(
            pair.outbound() == OPENAI_CHAT
                ? new Meaning.Quiet()
                : new Meaning.Counted(new Usage(20, 8, 0, 1, 0)));
    assertThat(steps.stream().filter(StreamStep::hasContent)).hasSize(2);
    assertThat(steps.getLast().meaning()).isEqualTo(new Meaning.End());
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void aStreamThatIsCutAnywhereBeforeItsStopReasonIsNeverComplete(Pair pair) {
    byte[] stream = Samples.bytes(Samples.stream(pair.outbound()));
    int stop = Samples.stream(pair.outbound()).indexOf("\"stop\"}");
    int end =
        pair.outbound() == OPENAI_CHAT
            ? Samples.bytes(Samples.stream(OPENAI_CHAT).substring(0, stop)).length
            : Samples.text(stream).indexOf("end_turn");
    for (int cut = 0; cut < end; cut += 7) {
      StreamRelay relay = pair.relay();
      steps(relay, List.of(Arrays.copyOf(stream, cut)));
      assertThat(relay.complete()).as("cut at %d", cut).isFalse();
      assertThat(relay.finish()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void aMissingTerminalMarkerIsNoBreakAndIsMadeUpFor(Pair pair) {
    // Given
    String stream = Samples.stream(pair.outbound());
    String marker = pair.outbound() == OPENAI_CHAT ? "data: [DONE]" : "event: message_stop";
    StreamRelay whole = pair.relay();
    StreamRelay cut = pair.relay();
    // When
    String expected = sent(run(whole, stream));
    String actual = sent(run(cut, stream.substring(0, stream.indexOf(marker))));
    // Then
    assertThat(cut.complete()).isTrue();
    String finish = Samples.text(cut.finish());
    assertThat(finish).isNotEmpty();
    assertThat(actual + finish).isEqualTo(expected);
    assertThat(cut.finish()).isEmpty();
  }

  @Test
  void aServerThatIgnoresHowManyAnswersWereAskedForIsCompleteWithItsMarker() {
    // Given
    InboundRequest two =
        Samples.request(
            OPENAI_CHAT,
            "{\"model\":\"m\",\"stream\":true,\"n\":2,"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
    StreamRelay relay = StreamRelay.of(two, OPENAI_CHAT, Samples.CONTEXT);
    int marker = Samples.OPENAI_STREAM.indexOf("data: [DONE]");
    // When
    run(relay, Samples.OPENAI_STREAM.substring(0, marker));
    boolean before = relay.complete();
    run(relay, Samples.OPENAI_STREAM.substring(marker));
    // Then
    assertThat(before).isFalse();
    assertThat(relay.complete()).isTrue();
  }

  @Test
  void anthropicsBytesPassAsTheyAre() {
    StreamRelay relay = new Pair(ANTHROPIC_MESSAGES, ANTHROPIC_MESSAGES).relay();
    assertThat(sent(run(relay, Samples.ANTHROPIC_STREAM))).isEqualTo(Samples.ANTHROPIC_STREAM);
  }

  @Test
  void openAisBytesPassAsTheyAreWhereUsageWasAskedFor() {
    StreamRelay relay = StreamRelay.of(USAGE_ASKED, OPENAI_CHAT, Samples.CONTEXT);
    assertThat(sent(run(relay, Samples.OPENAI_STREAM))).isEqualTo(Samples.OPENAI_STREAM);
  }

  @Test
  void theUsageChunkThatNobodyAskedForIsDropped() {
    StreamRelay relay = new Pair(OPENAI_CHAT, OPENAI_CHAT).relay();
    String usage =
        Samples.OPENAI_STREAM.substring(
            Samples.OPENAI_STREAM.lastIndexOf("data: {"),
            Samples.OPENAI_STREAM.indexOf("data: [DONE]"));
    assertThat(sent(run(relay, Samples.OPENAI_STREAM)))
        .isEqualTo(Samples.OPENAI_STREAM.replace(usage, ""));
  }

  @Test
  void unknownEventsCommentsAndFieldsPass() {
    String odd =
        String.join(
            "\n\n",
            ": OPENROUTER PROCESSING",
            "event: novelty\ndata: {\"x\":1}",
            "data: {\"choices\":[{\"delta\":{\"x\":[1.0]}}],\"y\":\"\\u00e9\"}\r\n\r\n");
    StreamRelay relay = new Pair(OPENAI_CHAT, OPENAI_CHAT).relay();
    List<StreamStep> steps = run(relay, odd);
    assertThat(sent(steps)).isEqualTo(odd);
    assertThat(steps).extracting(StreamStep::meaning).containsOnly(new Meaning.Quiet());
  }

  @Test
  void aServerWithoutFinishReasonsIsDoneAtItsMarker() {
    StreamRelay relay = new Pair(ANTHROPIC_MESSAGES, OPENAI_CHAT).relay();
    String stream = Samples.chunk("{\"content\":\"Hi\"}", "null");
    run(relay, stream);
    assertThat(relay.unusable()).contains("the stream ended before its finish reason");
    String sent = sent(run(relay, "data: [DONE]\n\n"));
    assertThat(relay.unusable()).isEmpty();
    assertThat(sent).contains("\"stop_reason\":\"end_turn\"").contains("message_stop");
  }

  @Test
  void aMarkerAloneIsNoAnswer() {
    StreamRelay relay = new Pair(OPENAI_CHAT, OPENAI_CHAT).relay();
    run(relay, "data: [DONE]\n\n");
    assertThat(relay.unusable()).contains("the stream ended before its finish reason");
  }

  @Test
  void aStreamThatSaysNothingIsNoAnswerUnlessItSaysWhy() {
    StreamRelay empty = new Pair(OPENAI_CHAT, OPENAI_CHAT).relay();
    run(empty, Samples.chunk("{}", "\"stop\""));
    assertThat(empty.unusable()).contains("an empty answer");
    StreamRelay filtered = new Pair(OPENAI_CHAT, OPENAI_CHAT).relay();
    run(filtered, Samples.chunk("{}", "\"content_filter\""));
    assertThat(filtered.unusable()).isEmpty();
  }

  record Single(String sentence, Dialect outbound, String event, String meaning) {
    @Override
    public String toString() {
      return sentence;
    }
  }

  static Stream<Single> singles() {
    return Stream.of(
        new Single(
            "OpenAI's error",
            OPENAI_CHAT,
            "data: {\"error\":{\"code\":\"x\"}}\n\n",
            "Error[] {\"error\":{\"code\":\"x\"}}"),
        new Single(
            "an event named error",
            OPENAI_CHAT,
            "event: error\ndata: {\"m\":1}\n\n",
            "Error[error] {\"m\":1}"),
        new Single(
            "a choice that failed",
            OPENAI_CHAT,
            "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"error\"}]}\n\n",
            "Error[] {\"choices\":[{\"delta\":{},\"finish_reason\":\"error\"}]}"),
        new Single(
            "Anthropic's error",
            ANTHROPIC_MESSAGES,
            "event: error\ndata: {\"type\":\"error\",\"error\":{}}\n\n",
            "Error[error] {\"type\":\"error\",\"error\":{}}"),
        new Single(
            "half an object",
            OPENAI_CHAT,
            "data: {\"choices\n\n",
            "Malformed[what=an event that is no JSON object, skippable=true]"),
        new Single(
            "a page of HTML",
            ANTHROPIC_MESSAGES,
            "data: <html>\n\n",
            "Malformed[what=an event that is no JSON object, skippable=true]"),
        new Single(
            "reasoning",
            OPENAI_CHAT,
            Samples.chunk("{\"reasoning_content\":\"hm\"}", "null"),
            "Content[]"),
        new Single(
            "a refusal", OPENAI_CHAT, Samples.chunk("{\"refusal\":\"no\"}", "null"), "Content[]"),
        new Single(
            "a tool call",
            OPENAI_CHAT,
            Samples.chunk("{\"tool_calls\":[{}]}", "null"),
            "Content[]"),
        new Single(
            "an empty delta", OPENAI_CHAT, Samples.chunk("{\"content\":\"\"}", "null"), "Quiet[]"),
        new Single(
            "everything in one chunk",
            OPENAI_CHAT,
            Samples.chunk("{\"content\":\"Hi\"}", "\"length\""),
            "Finish[reason=LENGTH, withContent=true]"),
        new Single(
            "thinking",
            ANTHROPIC_MESSAGES,
            Samples.typed(
                "content_block_delta",
                "\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"hm\"}"),
            "Content[]"),
        new Single(
            "a signature",
            ANTHROPIC_MESSAGES,
            Samples.typed(
                "content_block_delta",
                "\"delta\":{\"type\":\"signature_delta\",\"signature\":\"x\"}"),
            "Quiet[]"),
        new Single(
            "Anthropic's refusal",
            ANTHROPIC_MESSAGES,
            Samples.typed("message_delta", "\"delta\":{\"stop_reason\":\"refusal\"}"),
            "Finish[reason=REFUSED, withContent=false]"));
  }

  @ParameterizedTest
  @MethodSource("singles")
  void eventMeans(Single each) {
    StreamRelay relay = new Pair(each.outbound(), each.outbound()).relay();
    StreamStep step = run(relay, each.event()).getFirst();
    assertThat(Samples.shown(step)).startsWith(each.meaning() + " -> ");
  }

  @Test
  void aMalformedEventIsNotSkippedWhileAToolCallIsOpen() {
    StreamRelay relay = new Pair(OPENAI_CHAT, OPENAI_CHAT).relay();
    List<StreamStep> steps =
        run(relay, Samples.chunk("{\"tool_calls\":[{\"index\":0}]}", "null") + "data: {\n\n");
    assertThat(relay.openToolCall()).isTrue();
    assertThat(steps.getLast().meaning())
        .isEqualTo(new Meaning.Malformed("an event that is no JSON object", false));
    assertThat(steps.getLast().toCaller()).isEmpty();
    run(relay, Samples.chunk("{}", "\"tool_calls\""));
    assertThat(relay.openToolCall()).isFalse();
  }

  @Test
  void aMalformedEventIsNotSkippedInStructuredOutput() {
    InboundRequest structured =
        Samples.request(
            OPENAI_CHAT,
            "{\"model\":\"m\",\"stream\":true,\"response_format\":{\"type\":\"json_object\"},\"messages\":[{}]}");
    StreamRelay relay = StreamRelay.of(structured, OPENAI_CHAT, Samples.CONTEXT);
    assertThat(run(relay, "data: {\n\n").getFirst().meaning())
        .isEqualTo(new Meaning.Malformed("an event that is no JSON object", false));
  }

  @Test
  void aToolOfAnthropicsIsOpenUntilItsBlockStops() {
    StreamRelay relay = new Pair(ANTHROPIC_MESSAGES, ANTHROPIC_MESSAGES).relay();
    run(relay, Samples.typed("content_block_start", "\"content_block\":{\"type\":\"tool_use\"}"));
    assertThat(relay.openToolCall()).isTrue();
    run(relay, Samples.typed("content_block_stop", "\"index\":1"));
    assertThat(relay.openToolCall()).isFalse();
  }

  @Test
  void severalChoicesAreCompleteTogether() {
    InboundRequest two =
        Samples.request(OPENAI_CHAT, "{\"model\":\"m\",\"n\":2,\"stream\":true,\"messages\":[{}]}");
    StreamRelay relay = StreamRelay.of(two, OPENAI_CHAT, Samples.CONTEXT);
    run(relay, Samples.chunk("{}", "\"stop\""));
    assertThat(relay.complete()).isFalse();
    run(relay, Samples.chunk("{}", "\"stop\"").replace("\"index\":0", "\"index\":1"));
    assertThat(relay.complete()).isTrue();
  }

  @Test
  void reasoningIsLeftOutOfATranslationAndSaidSo() {
    StreamRelay relay = new Pair(ANTHROPIC_MESSAGES, OPENAI_CHAT).relay();
    StreamStep step =
        run(relay, Samples.chunk("{\"reasoning_content\":\"hm\"}", "null")).getFirst();
    assertThat(step.hasContent()).isTrue();
    assertThat(relay.leftOut()).containsExactly("reasoning_content");
  }

  @Test
  void aToolCallThatNobodyAskedForCannotBeTranslated() {
    StreamRelay relay = new Pair(ANTHROPIC_MESSAGES, OPENAI_CHAT).relay();
    StreamStep step = run(relay, Samples.chunk("{\"tool_calls\":[{}]}", "null")).getFirst();
    assertThat(step.meaning())
        .isEqualTo(new Meaning.Malformed("tool_calls that nobody asked for", false));
    assertThat(step.toCaller()).isEmpty();
  }

  @Test
  void aLongStreamOfGenerateKeepsOnlyABoundedContent() {
    StreamRelay relay = new Pair(GENERATE, OPENAI_CHAT).relay();
    String delta = Samples.chunk("{\"content\":\"" + "x".repeat(1 << 19) + "\"}", "null");
    for (int i = 0; i < 9; i++) {
      run(relay, delta);
    }
    run(relay, Samples.chunk("{}", "\"stop\""));
    assertThat(Samples.text(relay.finish())).startsWith("data: {\"provider\":");
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void damagedStreamsNeverThrow(Pair pair) {
    byte[] stream = Samples.bytes(Samples.stream(pair.outbound()));
    Seeds.forEach(
        300,
        random -> {
          byte[] damaged = stream.clone();
          for (int i = random.nextInt(8); i > 0; i--) {
            damaged[random.nextInt(damaged.length)] = randomByte(random);
          }
          StreamRelay relay = pair.relay();
          steps(relay, Samples.split(damaged, random));
          assertThat(relay.finish()).isNotNull();
        });
  }

  private static byte randomByte(Random random) {
    return random.nextBoolean()
        ? (byte) random.nextInt(256)
        : (byte) "{}[]\",:0\n\r".charAt(random.nextInt(10));
  }

  private static List<String> steps(StreamRelay relay, List<byte[]> pieces) {
    return Samples.events(pieces).stream().map(relay::on).map(Samples::shown).toList();
  }

  private static List<StreamStep> run(StreamRelay relay, String stream) {
    List<StreamStep> steps = new ArrayList<>();
    Samples.events(stream).forEach(event -> steps.add(relay.on(event)));
    return steps;
  }

  private static String sent(List<StreamStep> steps) {
    var out = new ByteArrayOutputStream();
    steps.forEach(step -> out.writeBytes(step.toCaller()));
    return Samples.text(out.toByteArray());
  }
}
