package dev.changeover.gateway;

import dev.changeover.testkit.architecture.ModuleRules;
import dev.changeover.testkit.architecture.Rule;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class ArchitectureTest {
  private static final int CLASSES_MIN = 150;

  @TestFactory
  Stream<DynamicTest> rules() {
    return ModuleRules.GATEWAY
        .arrow("attempt", "config", "a run reads one table from its beginning to its end")
        .arrow("attempt", "dialect", "an attempt says a request and its answer in two dialects")
        .arrow("config", "classify", "a table knows whose errors each of its providers sends")
        .arrow("http", "classify", "an error tells the caller what the provider's failure says")
        .arrow("observe", "dialect", "an attempt's record counts tokens in the dialects' words")
        .exempt(Rule.PUBLIC_TYPES, "Gateway", "module local runs several in one process")
        .exempt(Rule.PUBLIC_TYPES, "observe.JsonLines", "logback makes it, by its name")
        .exempt(Rule.PUBLIC_TYPES, "observe.LogKeys", "the compiler writes constants out")
        .exempt(Rule.PUBLIC_TYPES, "plan.Next", "the compiler writes the switch over it out")
        .exempt(Rule.PUBLIC_TYPES, "dialect.SseEvent", "attempts hand events from reader to relay")
        .tests(CLASSES_MIN);
  }
}
