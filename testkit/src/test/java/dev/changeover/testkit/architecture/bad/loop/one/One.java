package dev.changeover.testkit.architecture.bad.loop.one;

import dev.changeover.testkit.architecture.bad.loop.two.Two;

/** One half of a cycle. */
public final class One {
  private One() {}

  public static String name() {
    return Two.name();
  }
}
