package dev.changeover.testkit.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A module's compiled classes, with names relative to its root package. */
record ScannedModule(String root, JavaClasses all) {
  private static final String PACKAGE_INFO = "package-info";

  /** The module's classes without the package descriptions, in order of their names. */
  Stream<JavaClass> classes() {
    return all.stream()
        .filter(type -> !type.getSimpleName().equals(PACKAGE_INFO))
        .filter(type -> contains(type.getName()))
        .sorted(Comparator.comparing(JavaClass::getName));
  }

  boolean contains(String className) {
    return className.startsWith(root + ".");
  }

  /** The name without the root: {@code http.ChatHandler}. */
  String relative(String className) {
    return className.equals(root) ? "" : className.substring(root.length() + 1);
  }

  String relativePackage(JavaClass type) {
    return relative(type.getPackageName());
  }

  /** The outermost class around this one, relative to the root. */
  String topLevel(JavaClass type) {
    String name = relative(type.getName());
    int nested = name.indexOf('$');
    return nested < 0 ? name : name.substring(0, nested);
  }

  boolean isMain(JavaClass type) {
    return topLevel(type).endsWith("Main");
  }

  /** The classes that a class uses, array parts taken out of their arrays. */
  static Stream<JavaClass> used(JavaClass from) {
    return from.getDirectDependenciesFromSelf().stream()
        .map(Dependency::getTargetClass)
        .map(JavaClass::getBaseComponentType)
        .distinct();
  }

  List<Violation> belowFloor(int classesMin) {
    long seen = classes().count();
    if (seen >= classesMin) {
      return List.of();
    }
    return List.of(
        new Violation(root, "only %d classes under %s, not %d".formatted(seen, root, classesMin)));
  }
}
