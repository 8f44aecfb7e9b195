package dev.changeover.gateway.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

final class JsonLinesTest {
  @Test
  void factsStandBesideTheMessage() {
    assertThat(line("attempts", List.of(Map.of("ms", 1.5, "reason", "Timeout"))))
        .contains("\"message\":\"said\"")
        .containsPattern("\"attempts\":\\[\\{.*\"ms\":1\\.5.*}]")
        .endsWith("}\n");
  }

  @Test
  void aPathIsOneTextAndNotItsParts() {
    assertThat(line("folder", Path.of("/etc/changeover")))
        .contains("\"folder\":\"/etc/changeover\"");
  }

  private static String line(String key, Object value) {
    var logger = new LoggerContext().getLogger("test");
    var event = new LoggingEvent("here", logger, Level.INFO, "said", null, new Object[0]);
    event.addKeyValuePair(new KeyValuePair(key, value));
    return new String(new JsonLines().encode(event), UTF_8);
  }
}
