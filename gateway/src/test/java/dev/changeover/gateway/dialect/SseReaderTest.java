package dev.changeover.gateway.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.testkit.Seeds;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class SseReaderTest {
  record Case(String sentence, String stream, List<String> events) {
    @Override
    public String toString() {
      return sentence;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case("line feeds", "data: a\n\ndata: b\n\n", List.of("-:a", "-:b")),
        new Case("carriage returns with line feeds", "event: x\r\ndata: a\r\n\r\n", List.of("x:a")),
        new Case("carriage returns", "event: x\rdata: a\r\rdata: b\r\r", List.of("x:a", "-:b")),
        new Case("several data lines", "data: a\ndata:\ndata: b\n\n", List.of("-:a\n\nb")),
        new Case(
            "one space is dropped, no more", "data:  a \n\ndata:b\n\n", List.of("-: a ", "-:b")),
        new Case("a comment is a silent event", ": hello\n\ndata: a\n\n", List.of("-:", "-:a")),
        new Case(
            "a comment inside an event", "data: a\n: hello\nid: 7\nretry: 9\n\n", List.of("-:a")),
        new Case("a name without data", "event: ping\n\n", List.of("ping:")),
        new Case("a field without a colon", "data\n\n", List.of("-:")),
        new Case("a longer field's name is another field", "datax: a\n\n", List.of("-:")),
        new Case("a byte order mark", "\uFEFFdata: a\n\n", List.of("-:a")),
        new Case("no blank line at the end", "data: a\n\ndata: [DONE]", List.of("-:a", "-:[DONE]")),
        new Case("letters of several bytes", "data: é☃𝄞\n\n", List.of("-:é☃𝄞")));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void streamIsReadAsEvents(Case each) {
    assertThat(shown(Samples.events(each.stream()))).isEqualTo(each.events());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everySplitGivesTheSameEventsAndKeepsTheBytes(Case each) {
    Seeds.forEach(
        100,
        random -> {
          List<SseEvent> events =
              Samples.events(Samples.split(Samples.bytes(each.stream()), random));
          assertThat(shown(events)).isEqualTo(each.events());
          assertThat(joined(events)).startsWith(each.stream());
        });
  }

  @Test
  void aCarriageReturnAtTheEndWaitsForItsLineFeed() {
    var reader = new SseReader();
    byte[] first = Samples.bytes("data: a\r\n\r");
    assertThat(reader.read(first, 0, first.length)).isEmpty();
    assertThat(reader.read(Samples.bytes("\n"), 0, 1))
        .extracting(event -> Samples.text(event.raw()))
        .containsExactly("data: a\r\n\r\n");
  }

  @Test
  void anEventOfTheGreatestLengthIsRead() {
    String data = "x".repeat(SseReader.EVENT_BYTES_MAX - "data: \n\n".length());
    assertThat(Samples.events("data: " + data + "\n\n"))
        .singleElement()
        .extracting(event -> event.data().length)
        .isEqualTo(data.length());
  }

  @Test
  void aLongerEventEndsTheReading() {
    var reader = new SseReader();
    byte[] good = Samples.bytes("data: a\n\n");
    byte[] endless = Samples.bytes("x".repeat(64 * 1024));
    assertThat(reader.read(good, 0, good.length)).hasSize(1);
    for (int i = 0; i < 17; i++) {
      assertThat(reader.read(endless, 0, endless.length)).isEmpty();
    }
    assertThat(reader.tooLong()).isTrue();
    assertThat(reader.read(good, 0, good.length)).isEmpty();
    assertThat(reader.rest()).isEmpty();
  }

  @Test
  void aLongEventByteByByteIsNoMoreThanLinearWork() {
    var reader = new SseReader();
    byte[] line = Samples.bytes("data:\n");
    List<SseEvent> events = new ArrayList<>();
    for (int i = 0; i < 150_000; i++) {
      for (int j = 0; j < line.length; j++) {
        events.addAll(reader.read(line, j, 1));
      }
    }
    events.addAll(reader.read(Samples.bytes("\n"), 0, 1));
    assertThat(events).singleElement().extracting(event -> event.data().length).isEqualTo(149_999);
  }

  @Test
  void randomBytesNeverThrow() {
    Seeds.forEach(
        2000,
        random -> {
          byte[] bytes = randomLines(random);
          List<SseEvent> events = Samples.events(Samples.split(bytes, random));
          assertThat(events).isNotNull();
        });
  }

  private static byte[] randomLines(Random random) {
    String[] pieces = {"data", ":", " ", "\n", "\r", "event", "x", "\n\n", "\0", "é"};
    var text = new StringBuilder();
    for (int i = random.nextInt(80); i > 0; i--) {
      text.append(pieces[random.nextInt(pieces.length)]);
    }
    return Samples.bytes(text.toString());
  }

  private static List<String> shown(List<SseEvent> events) {
    return events.stream().map(event -> event.name().orElse("-") + ":" + event.text()).toList();
  }

  private static String joined(List<SseEvent> events) {
    var text = new ByteArrayOutputStream();
    events.forEach(event -> text.writeBytes(event.raw()));
    return Samples.text(text.toByteArray());
  }
}
