package dev.changeover.testkit.provider;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of a request's body, as received. */
public final class Body {
  static final Body EMPTY = new Body(new byte[0]);

  private final byte[] bytes;

  Body(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  public int size() {
    return bytes.length;
  }

  public String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Body body && Arrays.equals(bytes, body.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** The size alone: a body is somebody's prompt. */
  @Override
  public String toString() {
    return "Body[" + bytes.length + " bytes]";
  }
}
