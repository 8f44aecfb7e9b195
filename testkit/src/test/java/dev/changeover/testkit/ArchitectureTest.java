package dev.changeover.testkit;

import dev.changeover.testkit.architecture.ModuleRules;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class ArchitectureTest {
  @TestFactory
  Stream<DynamicTest> rules() {
    return ModuleRules.TESTKIT.tests(60);
  }
}
