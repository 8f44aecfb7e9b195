package dev.changeover.local.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Events as {@code kubectl get events} prints them, the eldest first. */
public final class EventTable {
  private static final List<String> COLUMNS =
      List.of("LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE");

  private EventTable() {}

  /** The text, a line an Event; with {@code namespaces} the first column says where. */
  public static String text(List<JsonNode> events, boolean namespaces, Instant now) {
    var table = new TextTable(namespaces ? withNamespace("NAMESPACE", COLUMNS) : COLUMNS);
    for (JsonNode event : inOrder(events)) {
      List<String> cells =
          List.of(
              Age.since(lastSeen(event), now),
              event.path("type").asText(),
              event.path("reason").asText(),
              object(event.path("regarding")),
              event.path("note").asText());
      String namespace = event.path("metadata").path("namespace").asText();
      table.row(namespaces ? withNamespace(namespace, cells) : cells);
    }
    return table.text();
  }

  /** The events by when they were last seen. */
  public static List<JsonNode> inOrder(List<JsonNode> events) {
    return events.stream().sorted(Comparator.comparing(EventTable::lastSeen)).toList();
  }

  private static List<String> withNamespace(String namespace, List<String> cells) {
    List<String> more = new ArrayList<>(cells);
    more.addFirst(namespace);
    return more;
  }

  private static String lastSeen(JsonNode event) {
    return Stream.of(
            event.path("series").path("lastObservedTime"),
            event.path("eventTime"),
            event.path("deprecatedLastTimestamp"),
            event.path("metadata").path("creationTimestamp"))
        .map(JsonNode::asText)
        .filter(text -> !text.isEmpty() && !text.equals("null"))
        .findFirst()
        .orElse("");
  }

  private static String object(JsonNode regarding) {
    return regarding.path("kind").asText().toLowerCase(Locale.ROOT)
        + "/"
        + regarding.path("name").asText();
  }
}
