package dev.changeover.local.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;

/** PrometheusRules, with how many alerts each has. */
public final class RuleTable {
  private RuleTable() {}

  /** The text, a line a resource; with {@code namespaces} the first column says where. */
  public static String text(List<JsonNode> rules, boolean namespaces, Instant now) {
    var table =
        new TextTable(
            namespaces
                ? List.of("NAMESPACE", "NAME", "ALERTS", "AGE")
                : List.of("NAME", "ALERTS", "AGE"));
    for (JsonNode rule : rules) {
      JsonNode metadata = rule.path("metadata");
      String name = metadata.path("name").asText();
      String alerts = Integer.toString(alerts(rule));
      String age = Age.since(metadata.path("creationTimestamp").asText(), now);
      table.row(
          namespaces
              ? List.of(metadata.path("namespace").asText(), name, alerts, age)
              : List.of(name, alerts, age));
    }
    return table.text();
  }

  private static int alerts(JsonNode resource) {
    int alerts = 0;
    for (JsonNode group : resource.path("spec").path("groups")) {
      for (JsonNode rule : group.path("rules")) {
        alerts += rule.has("alert") ? 1 : 0;
      }
    }
    return alerts;
  }
}
