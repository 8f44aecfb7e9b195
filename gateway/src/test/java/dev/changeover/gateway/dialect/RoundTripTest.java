package dev.changeover.gateway.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.gateway.dialect.Carrying.Carried;
import dev.changeover.gateway.dialect.ChatRequest.Role;
import dev.changeover.gateway.dialect.ChatRequest.Turn;
import dev.changeover.gateway.dialect.ProviderCodec.AnswerReading.Legible;
import dev.changeover.testkit.Seeds;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is written in a dialect reads as what was meant. */
final class RoundTripTest {
  private static final List<Dialect> DIALECTS =
      List.of(Dialect.OPENAI_CHAT, Dialect.ANTHROPIC_MESSAGES);
  private static final String[] WORDS = {"Hi", "", "é☃𝄞", "\"\\\n\u0000\u2028", "{}", "END"};

  @Test
  void requests() {
    Seeds.forEach(
        1000,
        random -> {
          ChatRequest request = request(random);
          for (Dialect dialect : DIALECTS) {
            var target = Samples.target(request.model());
            var written =
                Json.object(Json.bytes(Codecs.ofProvider(dialect).encodeRequest(request, target)))
                    .orElseThrow();
            assertThat(Codecs.ofCaller(dialect).decodeRequest(written))
                .isEqualTo(new Carried(request, List.of()));
          }
        });
  }

  @Test
  void answers() {
    Seeds.forEach(
        1000,
        random -> {
          for (Dialect dialect : DIALECTS) {
            ChatAnswer answer = answer(dialect, random);
            var written =
                Json.object(
                        Json.bytes(Codecs.ofCaller(dialect).encodeAnswer(answer, Samples.CONTEXT)))
                    .orElseThrow();
            assertThat(Codecs.ofProvider(dialect).decodeAnswer(written))
                .isEqualTo(new Legible(answer));
          }
        });
  }

  @Test
  void streams() {
    Seeds.forEach(
        500,
        random -> {
          for (Dialect dialect : DIALECTS) {
            ChatAnswer answer = answer(dialect, random);
            String written = written(dialect, answer, random);
            assertThat(read(dialect, written)).as(written).isEqualTo(answer);
          }
        });
  }

  private static String written(Dialect dialect, ChatAnswer answer, Random random) {
    var out = new ByteArrayOutputStream();
    var writer = Codecs.ofCaller(dialect).streamWriter(Samples.CONTEXT, true);
    writer.write(new ChatEvent.Started(answer.id(), answer.model()), out);
    int from = 0;
    while (from < answer.text().length()) {
      int to = answer.text().offsetByCodePoints(from, 1);
      to = random.nextBoolean() ? to : answer.text().length();
      writer.write(new ChatEvent.Text(answer.text().substring(from, to)), out);
      from = to;
    }
    writer.write(new ChatEvent.Stopped(answer.stop().orElseThrow(), answer.stopSequence()), out);
    writer.write(new ChatEvent.Counted(answer.usage().orElseThrow(), true), out);
    writer.finish(out);
    return Samples.text(out.toByteArray());
  }

  private static ChatAnswer read(Dialect dialect, String stream) {
    var reader = Codecs.ofProvider(dialect).streamReader(1);
    var text = new StringBuilder();
    Optional<String> id = Optional.empty();
    Optional<String> model = Optional.empty();
    Optional<StopReason> stop = Optional.empty();
    Optional<String> stopSequence = Optional.empty();
    for (SseEvent event : Samples.events(stream)) {
      for (ChatEvent each : reader.read(event)) {
        switch (each) {
          case ChatEvent.Started start -> {
            id = start.id();
            model = start.model();
          }
          case ChatEvent.Text(String more) -> text.append(more);
          case ChatEvent.Stopped stopped -> {
            stop = Optional.of(stopped.reason());
            stopSequence = stopped.sequence();
          }
          case ChatEvent.Counted _, ChatEvent.Ended _ -> {}
          case ChatEvent.Uncarried _, ChatEvent.Failed _, ChatEvent.Unreadable _ ->
              throw new AssertionError(each);
        }
      }
    }
    assertThat(reader.complete()).isTrue();
    return new ChatAnswer(
        id, model, text.toString(), stop, stopSequence, reader.usage(), List.of());
  }

  private static ChatRequest request(Random random) {
    List<Turn> turns = new ArrayList<>();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      turns.add(new Turn(random.nextBoolean() ? Role.USER : Role.ASSISTANT, words(1, random)));
    }
    List<String> system = words(0, random);
    // A system text may come after the first turn only in a dialect that moves it: not written
    // here.
    return new ChatRequest(
        "model-" + random.nextInt(9),
        system,
        turns,
        OptionalInt.of(1 + random.nextInt(100_000)),
        random.nextBoolean() ? OptionalDouble.of(random.nextDouble()) : OptionalDouble.empty(),
        random.nextBoolean() ? OptionalDouble.of(random.nextDouble()) : OptionalDouble.empty(),
        words(0, random),
        random.nextBoolean());
  }

  private static ChatAnswer answer(Dialect dialect, Random random) {
    // Each dialect is asked only for the words that are its own.
    List<StopReason> own =
        dialect == Dialect.OPENAI_CHAT
            ? List.of(StopReason.STOP, StopReason.LENGTH, StopReason.FILTERED)
            : List.of(
                StopReason.STOP,
                StopReason.STOP_SEQUENCE,
                StopReason.LENGTH,
                StopReason.REFUSED,
                StopReason.CONTEXT_FULL);
    StopReason stop = own.get(random.nextInt(own.size()));
    int cached = random.nextInt(50);
    int written = random.nextInt(50);
    return new ChatAnswer(
        Optional.of("id-1"),
        Optional.of("model-1"),
        String.join(" ", words(1, random)),
        Optional.of(stop),
        stop == StopReason.STOP_SEQUENCE ? Optional.of("END") : Optional.empty(),
        Optional.of(
            new Usage(
                (long) cached + written + random.nextInt(50),
                cached,
                written,
                random.nextInt(500),
                0)),
        List.of());
  }

  private static List<String> words(int least, Random random) {
    List<String> words = new ArrayList<>();
    for (int i = least + random.nextInt(3); i > 0; i--) {
      words.add(WORDS[random.nextInt(WORDS.length)]);
    }
    return words;
  }
}
