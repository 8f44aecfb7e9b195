package dev.changeover.gateway.http;

import java.util.Optional;

/**
 * A request's path, taken apart.
 *
 * @param namespace the namespace that the path names; empty for the default one
 */
record Address(Optional<String> namespace, Endpoint endpoint) {
  private static final String NAMESPACE = "/ns/";

  static Address of(String path) {
    if (!path.startsWith(NAMESPACE)) {
      return new Address(Optional.empty(), Endpoint.of(path));
    }
    int end = path.indexOf('/', NAMESPACE.length());
    if (end <= NAMESPACE.length()) {
      return new Address(Optional.empty(), new Endpoint.Nothing());
    }
    return new Address(
        Optional.of(path.substring(NAMESPACE.length(), end)), Endpoint.of(path.substring(end)));
  }
}
