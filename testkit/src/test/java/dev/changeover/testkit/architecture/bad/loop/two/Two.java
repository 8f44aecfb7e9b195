package dev.changeover.testkit.architecture.bad.loop.two;

import dev.changeover.testkit.architecture.bad.loop.one.One;

/** The other half of a cycle. */
public final class Two {
  private Two() {}

  public static String name() {
    return One.class.getSimpleName();
  }
}
