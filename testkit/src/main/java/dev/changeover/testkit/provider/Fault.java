package dev.changeover.testkit.provider;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Everything that a provider can do to a request instead of answering it well. */
public sealed interface Fault extends Behaviour {
  /**
   * Nobody listens from now on, until another script is set; this request's connection is reset.
   */
  record Refused() implements Fault {}

  /** The connection is reset before any byte of a reply. */
  record ResetBeforeHeaders() implements Fault {}

  /** Nothing is sent, until the client leaves or the provider's longest wait is over. */
  record NoAnswerBeforeHeaders() implements Fault {}

  /** A whole answer whose content starts late: a stream opens at once and then waits. */
  record SlowFirstToken(Duration delay) implements Fault {}

  /** The connection is closed in the middle of the body, inside an event. */
  record CutAfterHalf() implements Fault {}

  /** The body ends properly as far as HTTP can tell, in the middle of the answer. */
  record EndAfterHalf() implements Fault {}

  /** Half of the body, then silence, until the client leaves or the longest wait is over. */
  record StallAfterHalf() implements Fault {}

  /** A 200 that begins, and ends, with an error event; an error body where not streamed. */
  record ErrorEventFirst(ErrorKind kind) implements Fault {}

  /** A 200 that breaks off with an error event after half of the content. */
  record ErrorEventLate(ErrorKind kind) implements Fault {}

  /** A page of HTML, as a proxy in front of a provider sends it. */
  record HtmlPage(int status) implements Fault {}

  /** A 200 that holds no answer. */
  record EmptyAnswer(Form form) implements Fault {
    /** In which way the answer is empty. */
    public enum Form {
      NO_BODY,
      NO_CONTENT
    }
  }

  /**
   * A recorded reply.
   *
   * @param body as text; beginning {@code base64:} it stands for these bytes
   */
  record Reply(int status, Map<String, String> headers, String body) implements Fault {
    public Reply {
      if (status < 200 || status > 599) {
        throw new IllegalArgumentException("not a final status: " + status);
      }
      Map<String, String> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      sorted.putAll(headers);
      headers = Map.copyOf(sorted);
    }

    /** The same reply with one more header. */
    public Reply with(String header, String value) {
      Map<String, String> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      more.putAll(headers);
      more.put(header, value);
      return new Reply(status, more, body);
    }
  }
}
