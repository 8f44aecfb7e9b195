package dev.changeover.crds;

import dev.changeover.testkit.architecture.ArchitectureRules;
import dev.changeover.testkit.architecture.Confinement;
import dev.changeover.testkit.architecture.Exemption;
import dev.changeover.testkit.architecture.Rule;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class ArchitectureTest {

  @TestFactory
  Stream<DynamicTest> architecture() {
    return ArchitectureRules.of("dev.changeover.crds")
        .layer(Confinement.ROOT)
        .layer("judge", Confinement.ROOT)
        .confine("com.networknt", "judging is apart from what is judged", "judge")
        .confine("dev.cel", "judging is apart from what is judged", "judge")
        .confine("io.fabric8", "a judge knows JSON and CRDs only", Confinement.ROOT)
        .confine("io.fabric8.kubernetes.client.dsl", "the model only, no client")
        .confine("io.fabric8.kubernetes.client.KubernetesClient", "the model only, no client")
        .confine("io.javaoperatorsdk", "reconciling is the operator's")
        .exempt(Rule.PUBLIC_TYPES, Exemption.EVERYTHING, "other modules use the types of this one")
        .tests(25);
  }
}
