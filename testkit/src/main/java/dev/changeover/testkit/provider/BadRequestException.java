package dev.changeover.testkit.provider;

import java.io.IOException;

/** Bytes that are no acceptable HTTP request; the connection ends with this status. */
final class BadRequestException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int status;

  BadRequestException(int status, String message) {
    super(message);
    this.status = status;
  }

  int status() {
    return status;
  }
}
