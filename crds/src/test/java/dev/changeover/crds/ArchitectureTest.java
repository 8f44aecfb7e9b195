package dev.changeover.crds;

import dev.changeover.testkit.architecture.Confinement;
import dev.changeover.testkit.architecture.ModuleRules;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class ArchitectureTest {

  @TestFactory
  Stream<DynamicTest> architecture() {
    return ModuleRules.CRDS
        .layer(Confinement.ROOT)
        .layer("judge", Confinement.ROOT)
        .confine("com.networknt", "judging is apart from what is judged", "judge")
        .confine("dev.cel", "judging is apart from what is judged", "judge")
        .confine("io.fabric8", "a judge knows JSON and CRDs only", Confinement.ROOT)
        .tests(25);
  }
}
