package dev.changeover.local.table;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.crds.ResourceDefinition.PrinterColumn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A table of resources by printer columns, NAME first. */
public record ResourceTable(List<PrinterColumn> columns) {
  private static final PrinterColumn NAME =
      new PrinterColumn("NAME", "string", ".metadata.name", 0);
  private static final PrinterColumn NAMESPACE =
      new PrinterColumn("NAMESPACE", "string", ".metadata.namespace", 0);

  public ResourceTable {
    columns = List.copyOf(columns);
  }

  /** The table's columns: all with {@code wide}, else those of priority 0. */
  public static ResourceTable of(List<PrinterColumn> columns, boolean wide) {
    List<PrinterColumn> shown = new ArrayList<>();
    shown.add(NAME);
    columns.stream().filter(column -> wide || column.priority() == 0).forEach(shown::add);
    return new ResourceTable(shown);
  }

  /** The same table with NAMESPACE before all other columns. */
  public ResourceTable withNamespace() {
    List<PrinterColumn> shown = new ArrayList<>(columns);
    shown.addFirst(NAMESPACE);
    return new ResourceTable(shown);
  }

  /** The text, a line a resource; ages are measured from {@code now}. */
  public String text(List<JsonNode> resources, Instant now) {
    var table =
        new TextTable(
            columns.stream().map(column -> column.name().toUpperCase(Locale.ROOT)).toList());
    for (JsonNode resource : resources) {
      table.row(columns.stream().map(column -> cell(column, resource, now)).toList());
    }
    return table.text();
  }

  private static String cell(PrinterColumn column, JsonNode resource, Instant now) {
    JsonNode value = resource.at(column.jsonPath().replace('.', '/'));
    if (value.isMissingNode() || value.isNull() || (value.asText().isEmpty() && !value.isArray())) {
      return "";
    }
    return column.type().equals("date") ? Age.since(value.asText(), now) : text(value);
  }

  private static String text(JsonNode value) {
    if (!value.isArray()) {
      return value.asText();
    }
    List<String> texts = new ArrayList<>();
    value.forEach(item -> texts.add(item.asText()));
    return String.join(",", texts);
  }
}
