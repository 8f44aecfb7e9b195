package dev.changeover.gateway.observe;

import java.util.Locale;

/** Whose fault it is that a caller got no good answer. */
public enum Fault {
  NONE,
  CALLER,
  SERVICE;

  /** The public word. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
