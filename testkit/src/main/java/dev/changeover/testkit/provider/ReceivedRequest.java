package dev.changeover.testkit.provider;

import java.util.Map;
import java.util.Optional;

/**
 * One HTTP request as it arrived.
 *
 * @param headers by name in lower case; values of a repeated header joined by a comma
 */
record ReceivedRequest(
    String method, String target, Map<String, String> headers, Body body, long arrivalNanos) {
  String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  boolean keepAlive() {
    return !header("connection").orElse("").equalsIgnoreCase("close");
  }
}
