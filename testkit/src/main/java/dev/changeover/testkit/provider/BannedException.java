package dev.changeover.testkit.provider;

import java.io.IOException;

/** A ban that came before the first byte of a reply. */
final class BannedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Fault.Reply reply;

  BannedException(Fault.Reply reply) {
    super("banned");
    this.reply = reply;
  }

  Fault.Reply reply() {
    return reply;
  }
}
