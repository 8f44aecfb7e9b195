package dev.changeover.local;

import dev.changeover.testkit.architecture.Confinement;
import dev.changeover.testkit.architecture.ModuleRules;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
  @TestFactory
  Stream<DynamicTest> architecture() {
    return ModuleRules.LOCAL
        .layer("start")
        .layer("resources")
        .layer("table")
        .layer("metrics")
        .layer("cluster")
        .layer("simulate")
        .layer("rehearse")
        .layer("show", "table")
        .layer("fleet", "start", "resources", "cluster", "metrics")
        .layer("demo", "fleet", "rehearse", "show", "simulate")
        .layer(
            Confinement.ROOT, "start", "resources", "show", "simulate", "rehearse", "fleet", "demo")
        .confine(
            "dev.changeover.gateway", "only the fleet knows the programs it is made of", "fleet")
        .confine(
            "dev.changeover.operator", "only the fleet knows the programs it is made of", "fleet")
        .tests(40);
  }
}
