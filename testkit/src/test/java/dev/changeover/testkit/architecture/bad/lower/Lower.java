package dev.changeover.testkit.architecture.bad.lower;

import dev.changeover.testkit.architecture.bad.CourseMain;
import dev.changeover.testkit.architecture.bad.loop.one.One;

/** A leaf that uses what its line does not allow, and a main class. */
final class Lower {
  private Lower() {}

  static String name() {
    return CourseMain.NAMES.getFirst() + One.name();
  }
}
