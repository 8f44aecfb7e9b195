package dev.changeover.gateway.dialect;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.changeover.testkit.GoldenInput;
import dev.changeover.testkit.Goldens;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Translations as folders. A case is named {@code <caller>-<provider>-…}; it has the caller's
 * {@code request.json}, and perhaps the provider's {@code answer.json} or {@code stream.sse}.
 */
final class DialectGoldenTest {
  private static final JsonMapper READABLE = new JsonMapper();

  @TestFactory
  Stream<DynamicTest> translations() {
    return Goldens.under("dialect", DialectGoldenTest::translate);
  }

  private static Map<String, String> translate(GoldenInput input) throws IOException {
    List<String> words = List.of(input.caseName().split("-", 3));
    Dialect inbound = dialect(words.get(0));
    Dialect outbound = dialect(words.get(1));
    InboundRequest request = Samples.request(inbound, input.read("request.json"));
    if (input.has("answer.json")) {
      return answer(inbound, outbound, input.read("answer.json"));
    }
    if (input.has("stream.sse")) {
      return stream(request, outbound, input.read("stream.sse"));
    }
    return request(request, outbound);
  }

  private static Map<String, String> request(InboundRequest request, Dialect outbound)
      throws IOException {
    return switch (request.forTarget(outbound, Samples.target("target-model"))) {
      case Prepared.Ready ready ->
          Map.of(
              "body.json", readable(ready.body()), "adjustments.txt", lines(ready.adjustments()));
      case Prepared.Ineligible(String reason) -> Map.of("ineligible.txt", reason + "\n");
    };
  }

  private static Map<String, String> answer(Dialect inbound, Dialect outbound, String body)
      throws IOException {
    ProviderAnswer answer = ProviderAnswer.read(outbound, Samples.bytes(body));
    return switch (answer.toCaller(inbound, Samples.CONTEXT)) {
      case Rendering.Rendered rendered ->
          Map.of("body.json", readable(rendered.body()), "left-out.txt", lines(rendered.leftOut()));
      case Rendering.Unsayable(String why) -> Map.of("unsayable.txt", why + "\n");
    };
  }

  private static Map<String, String> stream(
      InboundRequest request, Dialect outbound, String stream) {
    StreamRelay relay = StreamRelay.of(request, outbound, Samples.CONTEXT);
    var sent = new ByteArrayOutputStream();
    var meanings = new StringBuilder();
    for (SseEvent event : Samples.events(stream)) {
      StreamStep step = relay.on(event);
      sent.writeBytes(step.toCaller());
      meanings.append(step.meaning()).append('\n');
    }
    sent.writeBytes(relay.finish());
    return Map.of(
        "stream.sse",
        Samples.text(sent.toByteArray()),
        "meanings.txt",
        meanings.toString(),
        "left-out.txt",
        lines(relay.leftOut()));
  }

  private static Dialect dialect(String word) {
    return Stream.of(Dialect.values())
        .filter(dialect -> dialect.word().equals(word.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no dialect " + word));
  }

  private static String readable(byte[] json) throws IOException {
    return READABLE.writerWithDefaultPrettyPrinter().writeValueAsString(READABLE.readTree(json))
        + "\n";
  }

  private static String lines(List<String> lines) {
    return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
  }
}
