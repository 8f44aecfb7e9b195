package dev.changeover.testkit.provider;

import java.nio.charset.StandardCharsets;

/** One server-sent event; an empty name is left out. */
record SseEvent(String name, String data) {
  byte[] bytes() {
    String named = name.isEmpty() ? "" : "event: " + name + "\n";
    return (named + "data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
  }
}
