package dev.changeover.operator.translate;

/** Which origins a provider may have beside public ones over https. */
public enum Origins {
  /** https only, and never this machine. */
  PUBLIC,
  /** http as well, for servers inside the cluster. */
  PLAIN_HTTP,
  /** http, and addresses of this machine: for runs on one machine. */
  LOOPBACK;

  boolean allowPlainHttp() {
    return switch (this) {
      case PUBLIC -> false;
      case PLAIN_HTTP, LOOPBACK -> true;
    };
  }

  boolean allowLoopback() {
    return switch (this) {
      case PUBLIC, PLAIN_HTTP -> false;
      case LOOPBACK -> true;
    };
  }
}
