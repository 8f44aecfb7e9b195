package dev.changeover.testkit.provider;

import java.time.Duration;

/**
 * The waits inside an answer; each is cut to the provider's longest wait.
 *
 * @param latency before the first byte of the reply
 * @param beforeFirstContent in a stream after its opening events; otherwise added to the latency
 * @param betweenChunks between two content events of a stream
 */
public record Pacing(Duration latency, Duration beforeFirstContent, Duration betweenChunks) {
  public static final Pacing NONE = new Pacing(Duration.ZERO, Duration.ZERO, Duration.ZERO);

  public Pacing {
    if (latency.isNegative() || beforeFirstContent.isNegative() || betweenChunks.isNegative()) {
      throw new IllegalArgumentException("a wait cannot be negative");
    }
  }
}
