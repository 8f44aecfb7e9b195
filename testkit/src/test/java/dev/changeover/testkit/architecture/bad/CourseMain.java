package dev.changeover.testkit.architecture.bad;

import java.util.List;

/** A main class, which may tell the time and is used by nobody. */
public final class CourseMain {
  public static final List<String> NAMES = List.of("course");

  private CourseMain() {}

  static long now() {
    return System.nanoTime();
  }
}
