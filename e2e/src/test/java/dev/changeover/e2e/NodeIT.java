package dev.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The node itself: what every other test of this level takes for granted. */
@OnNode
@Tag("own-cluster")
final class NodeIT {
  private final Kubectl kubectl;

  NodeIT(Cluster cluster) {
    kubectl = cluster.kubectl(cluster.freshNamespace("node"));
  }

  @Test
  void aPodRunsAndIsSeenToEnd() {
    // When
    kubectl.ok(
        "run",
        "once",
        "--image=localhost/hello:1",
        "--image-pull-policy=Never",
        "--restart=Never",
        "--",
        "lookup",
        "kubernetes.default.svc.cluster.local");
    kubectl.ok("wait", "--for=jsonpath={.status.phase}=Succeeded", "pod/once", "--timeout=60s");
    // Then
    assertThat(kubectl.ok("logs", "once")).contains("10.96.0.1");
  }
}
