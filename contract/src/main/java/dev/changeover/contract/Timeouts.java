package dev.changeover.contract;

import java.time.Duration;

/**
 * How long one attempt may take.
 *
 * @param connect until a connection stands, TLS included
 * @param firstToken streams: from sending the request to first content
 * @param idle streams: between two events
 * @param answer not streamed: from sending the request to the whole answer
 * @param total any attempt, from its start to its end
 */
public record Timeouts(
    Duration connect, Duration firstToken, Duration idle, Duration answer, Duration total) {
  public static final Timeouts DEFAULT =
      new Timeouts(
          Duration.ofSeconds(1),
          Duration.ofSeconds(30),
          Duration.ofSeconds(20),
          Duration.ofMinutes(2),
          Duration.ofMinutes(10));

  public Timeouts {
    positive("connect", connect);
    positive("firstToken", firstToken);
    positive("idle", idle);
    positive("answer", answer);
    positive("total", total);
  }

  static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " must be longer than zero, not " + value);
    }
  }
}
