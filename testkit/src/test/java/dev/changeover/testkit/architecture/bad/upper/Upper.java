package dev.changeover.testkit.architecture.bad.upper;

/** A public type that nobody uses. */
public final class Upper {
  private Upper() {}
}
