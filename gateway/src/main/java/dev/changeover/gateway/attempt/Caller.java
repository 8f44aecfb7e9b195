package dev.changeover.gateway.attempt;

import java.time.Duration;

/** The caller's side of one request: where an answer goes, and whether anybody is still there. */
public interface Caller {
  /**
   * Begins the answer. From here on nothing fails over in silence.
   *
   * @return false when the caller has gone
   */
  boolean begin(ReplyHead head);

  /**
   * Sends bytes at once.
   *
   * @return false when the caller has gone
   */
  boolean send(byte[] bytes);

  /** Whether the caller has gone. */
  boolean gone();

  /** Waits so long, or until the caller has gone; whether it has. */
  boolean goneWithin(Duration wait);

  /** Runs the action once when the caller goes, at once if it has; until it is closed. */
  Watch whenGone(Runnable action);

  /** A watch over the caller's presence. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }
}
