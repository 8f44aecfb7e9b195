package dev.changeover.local.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.changeover.crds.ResourceDefinition.PrinterColumn;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ResourceTableTest {
  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
  private static final List<PrinterColumn> COLUMNS =
      List.of(
          new PrinterColumn("TYPE", "string", ".spec.type", 0),
          new PrinterColumn("STATE", "string", ".status.state", 0),
          new PrinterColumn("SINCE", "date", ".status.since", 0),
          new PrinterColumn("MESSAGE", "string", ".status.message", 1));

  @Test
  void columnsAlignAndWhatIsNotThereIsADash() throws Exception {
    var mapper = new ObjectMapper();
    var banned =
        mapper.readTree(
            """
            {"metadata":{"name":"anthropic"},"spec":{"type":"Anthropic"},
             "status":{"state":"Banned","since":"2026-11-20T09:57:00Z","message":"appeal"}}
            """);
    var fresh = mapper.readTree("{\"metadata\":{\"name\":\"b\"},\"spec\":{\"type\":\"OpenAI\"}}");
    assertThat(ResourceTable.of(COLUMNS, false).text(List.of(banned, fresh), NOW))
        .isEqualTo(
            """
            NAME        TYPE        STATE    SINCE
            anthropic   Anthropic   Banned   3m
            b           OpenAI      -        -
            """);
    assertThat(ResourceTable.of(COLUMNS, true).text(List.of(banned), NOW))
        .contains("MESSAGE")
        .contains("appeal");
  }

  @TestFactory
  Stream<DynamicTest> agesReadAsKubectlPrintsThem() {
    return Stream.of(
            List.of("PT0S", "0s"),
            List.of("PT119S", "119s"),
            List.of("PT2M", "2m"),
            List.of("PT3M10S", "3m10s"),
            List.of("PT12M30S", "12m"),
            List.of("PT179M", "179m"),
            List.of("PT5H20M", "5h20m"),
            List.of("PT41H", "41h"),
            List.of("P3DT4H", "3d4h"),
            List.of("P41D", "41d"),
            List.of("P830D", "2y100d"),
            List.of("PT-1S", "0s"),
            List.of("PT-9S", "<invalid>"))
        .map(row ->
            DynamicTest.dynamicTest(
                row.get(0) + " is " + row.get(1),
                () -> assertThat(Age.text(Duration.parse(row.get(0)))).isEqualTo(row.get(1))));
  }
}
