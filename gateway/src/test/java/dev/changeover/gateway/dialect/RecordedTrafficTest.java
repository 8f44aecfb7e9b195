package dev.changeover.gateway.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.contract.Overrides;
import dev.changeover.gateway.dialect.Recordings.Recording;
import dev.changeover.testkit.Seeds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Real traffic. The recordings are not part of this repository: {@code CHANGEOVER_CONFORMANCE}
 * names the folder that holds {@code fixtures/recorded}, and without it these tests fail.
 */
@Tag("conformance")
final class RecordedTrafficTest {
  private static final int RECORDINGS_MIN = 100;

  private static List<Recording> recordings() throws IOException {
    String folder = System.getenv("CHANGEOVER_CONFORMANCE");
    assertThat(folder)
        .as("set CHANGEOVER_CONFORMANCE to the folder that holds fixtures/recorded")
        .isNotBlank();
    return Recordings.under(Path.of(folder, "fixtures", "recorded"));
  }

  @Test
  void thereAreEnoughRecordings() throws IOException {
    assertThat(recordings()).hasSizeGreaterThanOrEqualTo(RECORDINGS_MIN);
  }

  @TestFactory
  Stream<DynamicTest> requestsPass() throws IOException {
    return recordings().stream()
        .filter(recording -> recording.request().isPresent())
        .map(
            recording -> DynamicTest.dynamicTest(recording.name(), () -> requestPasses(recording)));
  }

  private static void requestPasses(Recording recording) {
    byte[] body = recording.request().orElseThrow();
    Reading reading = InboundRequest.read(recording.dialect(), body);
    assertThat(reading).isInstanceOf(Reading.Understood.class);
    InboundRequest request = ((Reading.Understood) reading).request();
    var target =
        new TargetShape(
            request.model().orElseThrow(), Overrides.NONE, OptionalInt.empty(), false, true);
    var ready = (Prepared.Ready) request.forTarget(recording.dialect(), target);
    boolean counted =
        recording.dialect() == Dialect.ANTHROPIC_MESSAGES
            || !request.streaming()
            || request.usageAsked();
    if (counted) {
      assertThat(ready.body()).isEqualTo(body);
    } else {
      assertThat(Samples.text(ready.body()))
          .hasSizeGreaterThan(Samples.text(body).length())
          .contains("\"include_usage\":true");
    }
  }

  @TestFactory
  Stream<DynamicTest> answersPass() throws IOException {
    return recordings().stream()
        .filter(recording -> !recording.stream())
        .map(recording -> DynamicTest.dynamicTest(recording.name(), () -> answerPasses(recording)));
  }

  private static void answerPasses(Recording recording) {
    ProviderAnswer answer = ProviderAnswer.read(recording.dialect(), recording.answer());
    assertThat(answer.unusable()).isEmpty();
    assertThat(answer.id()).isPresent();
    assertThat(answer.model()).isPresent();
    assertThat(answer.stopReason()).isPresent();
    assertThat(answer.usage()).isPresent();
    var rendered = (Rendering.Rendered) answer.toCaller(recording.dialect(), Samples.CONTEXT);
    assertThat(rendered.body()).isSameAs(recording.answer());
  }

  @TestFactory
  Stream<DynamicTest> streamsPass() throws IOException {
    return recordings().stream()
        .filter(Recording::stream)
        .map(recording -> DynamicTest.dynamicTest(recording.name(), () -> streamPasses(recording)));
  }

  private static void streamPasses(Recording recording) {
    String stream = Samples.text(recording.answer());
    StreamRelay relay = relay(recording);
    List<StreamStep> steps = run(relay, List.of(recording.answer()));
    assertThat(sent(steps).stripTrailing()).isEqualTo(stream.stripTrailing());
    assertThat(steps)
        .extracting(StreamStep::meaning)
        .noneMatch(meaning ->
            meaning instanceof Meaning.Malformed || meaning instanceof Meaning.ErrorEvent);
    assertThat(relay.unusable()).isEmpty();
    assertThat(relay.complete()).isTrue();
    assertThat(relay.id().isPresent())
        .isEqualTo(!stream.contains("\"id\":\"\"") || stream.contains("chatcmpl-"));
    assertThat(relay.openToolCall()).isFalse();
    assertThat(relay.usage().isPresent())
        .isEqualTo(stream.contains("\"usage\":{") || stream.contains("\"usage\": {"));
    Seeds.forEach(
        3,
        random ->
            assertThat(run(relay(recording), Samples.split(recording.answer(), random)))
                .extracting(Samples::shown)
                .isEqualTo(steps.stream().map(Samples::shown).toList()));
  }

  @TestFactory
  Stream<DynamicTest> textStreamsSayTheSameInTheOtherDialect() throws IOException {
    return recordings().stream()
        .filter(Recording::stream)
        .map(recording -> DynamicTest.dynamicTest(recording.name(), () -> saysTheSame(recording)));
  }

  /** Whatever can be translated is; a stream that cannot is refused, never cut short in silence. */
  private static void saysTheSame(Recording recording) {
    Dialect inbound =
        recording.dialect() == Dialect.OPENAI_CHAT
            ? Dialect.ANTHROPIC_MESSAGES
            : Dialect.OPENAI_CHAT;
    StreamRelay relay =
        StreamRelay.of(Samples.streamed(inbound), recording.dialect(), Samples.CONTEXT);
    List<StreamStep> steps = run(relay, List.of(recording.answer()));
    boolean refused = steps.stream().anyMatch(step -> step.meaning() instanceof Meaning.Malformed);
    String translated = sent(steps) + Samples.text(relay.finish());
    if (!refused) {
      assertThat(text(inbound, Samples.bytes(translated)))
          .isEqualTo(text(recording.dialect(), recording.answer()));
    }
  }

  private static String text(Dialect dialect, byte[] stream) {
    var reader = Codecs.ofProvider(dialect).streamReader(1);
    var text = new StringBuilder();
    for (SseEvent event : Samples.events(List.of(stream))) {
      for (ChatEvent each : reader.read(event)) {
        if (each instanceof ChatEvent.Text(String more)) {
          text.append(more);
        }
      }
    }
    return text + (reader.complete() ? "" : " (cut)");
  }

  /** As for a caller who asked for the tokens and as many choices as were recorded. */
  private static StreamRelay relay(Recording recording) {
    Optional<InboundRequest> asked =
        recording
            .request()
            .map(body ->
                ((Reading.Understood) InboundRequest.read(recording.dialect(), body)).request());
    InboundRequest request =
        asked
            .filter(body -> recording.dialect() == Dialect.ANTHROPIC_MESSAGES || body.usageAsked())
            .orElseGet(() -> usageAsked(recording.dialect()));
    return StreamRelay.of(request, recording.dialect(), Samples.CONTEXT);
  }

  private static InboundRequest usageAsked(Dialect dialect) {
    return dialect == Dialect.ANTHROPIC_MESSAGES
        ? Samples.streamed(dialect)
        : Samples.request(
            dialect,
            "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true},\"messages\":[{}]}");
  }

  private static List<StreamStep> run(StreamRelay relay, List<byte[]> pieces) {
    List<StreamStep> steps = new ArrayList<>();
    Samples.events(pieces).forEach(event -> steps.add(relay.on(event)));
    return steps;
  }

  private static String sent(List<StreamStep> steps) {
    var out = new ByteArrayOutputStream();
    steps.forEach(step -> out.writeBytes(step.toCaller()));
    return Samples.text(out.toByteArray());
  }
}
