package dev.changeover.gateway.http;

/** The names of the headers that replies carry. */
final class ReplyHeaders {
  static final String PROVIDER = "x-changeover-provider";
  static final String MODEL = "x-changeover-model";
  static final String ROUTE = "x-changeover-route";
  static final String ATTEMPTS = "x-changeover-attempts";
  static final String REASON = "x-changeover-reason";
  static final String UPSTREAM_ID = "x-changeover-upstream-id";
  static final String X_REQUEST_ID = "x-request-id";
  static final String REQUEST_ID = "request-id";
  static final String SHOULD_RETRY = "x-should-retry";
  static final String RETRY_AFTER = "retry-after";
  static final String RETRY_AFTER_MILLIS = "retry-after-ms";

  private ReplyHeaders() {}
}
