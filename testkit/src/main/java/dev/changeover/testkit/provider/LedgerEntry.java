package dev.changeover.testkit.provider;

import java.util.Map;

/**
 * One received request and what became of it.
 *
 * @param path the request target, query included
 * @param headers by name in lower case, with the name of the key in place of a key
 * @param body the received bytes
 * @param arrivalNanos when the head had arrived, by the provider's clock
 * @param played what was done about it, so far
 */
public record LedgerEntry(
    Call call,
    String method,
    String path,
    Map<String, String> headers,
    Body body,
    long arrivalNanos,
    Played played) {
  public LedgerEntry {
    headers = Map.copyOf(headers);
  }

  /** Whether a whole answer was sent. */
  public boolean complete() {
    return played.end() == End.ANSWERED;
  }

  /** Whether the client went away before the end. */
  public boolean clientClosedEarly() {
    return played.end() == End.CLIENT_LEFT;
  }

  LedgerEntry with(Played newPlayed) {
    return new LedgerEntry(call, method, path, headers, body, arrivalNanos, newPlayed);
  }

  /**
   * What was done about a request.
   *
   * @param behaviour as scripted, or the ban
   * @param status of the reply; 0 where none was begun
   * @param text the whole text of the answer, even where only a part was sent; else empty
   * @param endNanos when it was over; 0 while it is open
   */
  public record Played(Behaviour behaviour, int status, String text, End end, long endNanos) {}

  /** How a request ended. */
  public enum End {
    OPEN,
    /** The whole answer was sent. */
    ANSWERED,
    /** The request was refused as the vendor would refuse it: key, shape, model, path. */
    REFUSED,
    /** The scripted fault was played to its end. */
    FAULTED,
    /** The client went away first. */
    CLIENT_LEFT,
    /** The provider was closed first. */
    PROVIDER_CLOSED
  }
}
