package dev.changeover.gateway.http;

import dev.changeover.contract.RouteConfig;
import dev.changeover.contract.TargetConfig;
import dev.changeover.gateway.attempt.AttemptRecord;
import dev.changeover.gateway.attempt.ReplyHead;
import dev.changeover.gateway.attempt.RunRecord;
import dev.changeover.gateway.dialect.Dialect;
import dev.changeover.gateway.dialect.ErrorBodies;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;

/** Writes replies with the headers that they always carry. */
final class ReplyWriter {
  private static final String JSON = "application/json";
  private static final long MILLIS = 1_000;

  private ReplyWriter() {}

  /** The headers of an answer. */
  static void answer(ReplyHead head, String route, String requestId, HttpServletResponse response) {
    ids(response, requestId);
    response.setHeader(ReplyHeaders.ROUTE, route);
    target(head.target(), response);
    response.setHeader(ReplyHeaders.ATTEMPTS, Integer.toString(head.attempts()));
    if (!head.notPreferred().isEmpty()) {
      response.setHeader(ReplyHeaders.REASON, ascii(head.notPreferred()));
    }
    if (!head.upstreamId().isEmpty()) {
      response.setHeader(ReplyHeaders.UPSTREAM_ID, ascii(head.upstreamId()));
    }
    if (head.streamed()) {
      streamed(response);
    } else {
      response.setContentType(JSON);
    }
    head.length().ifPresent(response::setContentLengthLong);
  }

  private static void streamed(HttpServletResponse response) {
    response.setContentType("text/event-stream; charset=utf-8");
    response.setHeader("cache-control", "no-cache");
    response.setHeader("x-accel-buffering", "no");
  }

  /**
   * The headers of an error after a run: the last target that was asked, or the preferred one where
   * none was, and why the preferred one did not answer.
   */
  static void unserved(RunRecord run, HttpServletResponse response) {
    response.setHeader(ReplyHeaders.ROUTE, run.route().name().toString());
    response.setHeader(ReplyHeaders.ATTEMPTS, Integer.toString(run.attempts().size()));
    if (!run.notPreferred().isEmpty()) {
      response.setHeader(ReplyHeaders.REASON, ascii(run.notPreferred()));
    }
    if (run.attempts().isEmpty()) {
      run.preferred().ifPresent(preferred -> target(preferred, response));
      return;
    }
    AttemptRecord last = run.attempts().getLast();
    target(last.target(), response);
    if (!last.upstreamId().isEmpty()) {
      response.setHeader(ReplyHeaders.UPSTREAM_ID, ascii(last.upstreamId()));
    }
  }

  /** The headers of an error for a route out of service. */
  static void drained(RouteConfig route, HttpServletResponse response) {
    response.setHeader(ReplyHeaders.ROUTE, route.name().toString());
    response.setHeader(ReplyHeaders.ATTEMPTS, "0");
    response.setHeader(ReplyHeaders.REASON, "Drained");
    route.targets().stream().findFirst().ifPresent(preferred -> target(preferred, response));
  }

  private static void target(TargetConfig target, HttpServletResponse response) {
    response.setHeader(ReplyHeaders.PROVIDER, target.provider().toString());
    response.setHeader(ReplyHeaders.MODEL, ascii(target.model()));
  }

  /** A whole reply. */
  static void json(HttpServletResponse response, String requestId, byte[] body) throws IOException {
    ids(response, requestId);
    response.setContentType(JSON);
    write(response, HttpServletResponse.SC_OK, body);
  }

  /** A whole stream at once. */
  static void events(HttpServletResponse response, String requestId, byte[] events)
      throws IOException {
    ids(response, requestId);
    streamed(response);
    write(response, HttpServletResponse.SC_OK, events);
  }

  /** An error in the caller's dialect. */
  static void refusal(HttpServletResponse response, Dialect dialect, Refusal refusal)
      throws IOException {
    ids(response, refusal.error().requestId());
    response.setHeader(ReplyHeaders.SHOULD_RETRY, Boolean.toString(refusal.retryIn().isPresent()));
    refusal.retryIn().ifPresent(wait -> retryAfter(response, wait));
    response.setContentType(JSON);
    write(response, refusal.error().status(dialect), ErrorBodies.body(dialect, refusal.error()));
  }

  private static void retryAfter(HttpServletResponse response, Duration wait) {
    long millis = Math.max(1, wait.toMillis());
    response.setHeader(ReplyHeaders.RETRY_AFTER, Long.toString(Math.ceilDiv(millis, MILLIS)));
    response.setHeader(ReplyHeaders.RETRY_AFTER_MILLIS, Long.toString(millis));
  }

  private static void ids(HttpServletResponse response, String requestId) {
    response.setHeader(ReplyHeaders.X_REQUEST_ID, requestId);
    response.setHeader(ReplyHeaders.REQUEST_ID, requestId);
  }

  private static void write(HttpServletResponse response, int status, byte[] body)
      throws IOException {
    response.setStatus(status);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
    response.getOutputStream().flush();
  }

  /** Header values are ASCII; a model's name may be anything. */
  private static String ascii(String value) {
    return value.chars().allMatch(c -> c >= ' ' && c < 0x7f)
        ? value
        : value.replaceAll("[^\\x20-\\x7e]", "?");
  }
}
