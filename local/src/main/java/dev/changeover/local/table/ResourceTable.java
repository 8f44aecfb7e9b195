package dev.changeover.local.table;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.crds.ResourceDefinition.PrinterColumn;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/** A table of resources by printer columns, NAME first. */
public record ResourceTable(List<PrinterColumn> columns) {
  private static final int GAP = 3;
  private static final String NONE = "-";

  public ResourceTable {
    columns = List.copyOf(columns);
  }

  /** The table's columns: all with {@code wide}, else those of priority 0. */
  public static ResourceTable of(List<PrinterColumn> columns, boolean wide) {
    List<PrinterColumn> shown = new ArrayList<>();
    shown.add(new PrinterColumn("NAME", "string", ".metadata.name", 0));
    columns.stream().filter(column -> wide || column.priority() == 0).forEach(shown::add);
    return new ResourceTable(shown);
  }

  /** The text, a line a resource; ages are measured from {@code now}. */
  public String text(List<JsonNode> resources, Instant now) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        columns.stream().map(column -> column.name().toUpperCase(java.util.Locale.ROOT)).toList());
    for (JsonNode resource : resources) {
      rows.add(columns.stream().map(column -> cell(column, resource, now)).toList());
    }
    return aligned(rows);
  }

  private static String cell(PrinterColumn column, JsonNode resource, Instant now) {
    JsonNode value = resource.at(column.jsonPath().replace('.', '/'));
    if (value.isMissingNode() || value.isNull() || value.asText().isEmpty()) {
      return NONE;
    }
    if (!column.type().equals("date")) {
      return value.isArray() ? joined(value) : value.asText();
    }
    try {
      return Age.text(Duration.between(Instant.parse(value.asText()), now));
    } catch (DateTimeParseException e) {
      return "<unknown>";
    }
  }

  private static String joined(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(item -> texts.add(item.asText()));
    return String.join(",", texts);
  }

  private static String aligned(List<List<String>> rows) {
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(row.get(i)).repeat(" ", widths[i] - row.get(i).length() + GAP);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
