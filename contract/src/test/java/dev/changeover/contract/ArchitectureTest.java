package dev.changeover.contract;

import dev.changeover.testkit.architecture.ModuleRules;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class ArchitectureTest {
  @TestFactory
  Stream<DynamicTest> rules() {
    return ModuleRules.CONTRACT.tests(0);
  }
}
