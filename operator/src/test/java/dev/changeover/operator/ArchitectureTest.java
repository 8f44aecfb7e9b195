package dev.changeover.operator;

import dev.changeover.testkit.architecture.ModuleRules;
import dev.changeover.testkit.architecture.Rule;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class ArchitectureTest {
  private static final int CLASSES_MIN = 100;

  @TestFactory
  Stream<DynamicTest> rules() {
    return ModuleRules.OPERATOR
        .exempt(Rule.PUBLIC_TYPES, "Operator", "module local runs one in its process")
        .tests(CLASSES_MIN);
  }
}
