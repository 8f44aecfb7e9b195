package dev.changeover.testkit.client;

import java.util.ArrayList;
import java.util.List;

/**
 * A whole event stream taken apart.
 *
 * @param endsWell whether nothing stood after the last event's end
 */
record SseText(List<Event> events, boolean endsWell) {
  SseText {
    events = List.copyOf(events);
  }

  /** One event; a stream without names has empty ones. */
  record Event(String name, String data) {}

  static SseText parse(String text) {
    String plain = text.replace("\r\n", "\n");
    int end = plain.lastIndexOf("\n\n");
    List<Event> events = new ArrayList<>();
    if (end < 0) {
      return new SseText(events, plain.isEmpty());
    }
    for (String block : plain.substring(0, end).split("\n\n", -1)) {
      event(block, events);
    }
    return new SseText(events, plain.substring(end).isBlank());
  }

  private static void event(String block, List<Event> events) {
    String name = "";
    List<String> data = new ArrayList<>();
    for (String line : block.lines().toList()) {
      if (line.startsWith("event:")) {
        name = line.substring("event:".length()).strip();
      } else if (line.startsWith("data:")) {
        data.add(line.substring("data:".length()).stripLeading());
      }
    }
    if (!name.isEmpty() || !data.isEmpty()) {
      events.add(new Event(name, String.join("\n", data)));
    }
  }
}
