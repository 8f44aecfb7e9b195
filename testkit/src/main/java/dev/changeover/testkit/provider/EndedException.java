package dev.changeover.testkit.provider;

import java.io.IOException;

/** A request that came to its end before the play did. */
final class EndedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final LedgerEntry.End end;

  EndedException(LedgerEntry.End end) {
    super("ended early: " + end);
    this.end = end;
  }

  LedgerEntry.End end() {
    return end;
  }
}
