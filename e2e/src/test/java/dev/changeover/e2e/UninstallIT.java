package dev.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.provider.Dialect;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What stays when a release goes, and two releases side by side. */
@OnNode
@Tag("own-cluster")
final class UninstallIT {
  private static final String LEFT = "pods,deployments,services,pdb,networkpolicy,role,rolebinding";

  private final Cluster cluster;

  UninstallIT(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void definitionsAndResourcesStayAndTheNextReleaseTakesThemUp() {
    try (Release release = Release.installed(cluster, "leaving")) {
      release.upgrade("--take-ownership");
      assertThat(release.ask(Dialect.ANTHROPIC, false)).isInstanceOf(Complete.class);
      // When
      release.uninstall();
      // Then
      assertThat(release.kubectl().ok("get", "llm", "--output=name"))
          .contains("llmprovider.changeover.dev/anthropic", "llmroute.changeover.dev/assistant");
      await("the last pods have drained")
          .atMost(Release.SETTLED_MAX)
          .until(() ->
              release.kubectl().ok("get", LEFT, "--output=name", "--ignore-not-found").isBlank());
      assertThat(release.kubectl().ok("get", "clusterrole,clusterrolebinding", "--output=name"))
          .doesNotContain("changeover:" + release.namespace() + ":");
      // When
      release.install("--take-ownership");
      // Then
      assertThat(release.ask(Dialect.OPENAI, true)).isInstanceOf(Complete.class);
    }
  }

  @Test
  void twoReleasesDoNotTouchEachOther() {
    try (Release one = installed("one");
        Release two = installed("two")) {
      // When
      one.kubectl().ok("delete", "llmroute", "assistant");
      // Then
      await("the route is gone")
          .atMost(Release.SETTLED_MAX)
          .until(() -> one.ask(Dialect.ANTHROPIC, false).reply().status() == 404);
      assertThat(two.ask(Dialect.ANTHROPIC, false)).isInstanceOf(Complete.class);
      assertThat(canI(one, "get", "secrets", two.namespace())).isEqualTo("no");
      assertThat(canI(one, "list", "secrets", two.namespace())).isEqualTo("no");
      assertThat(canI(one, "list", "secrets", one.namespace())).isEqualTo("yes");
    }
  }

  private Release installed(String stem) {
    String namespace = cluster.freshNamespace(stem);
    return Release.installedIn(
        cluster, namespace, "watchNamespaces={%s}".formatted(namespace), "gateway.replicas=1");
  }

  private static String canI(Release release, String verb, String what, String where) {
    return release
        .kubectl()
        .run("auth", "can-i", verb, what, "--as=" + release.operatorUser(), "--namespace=" + where)
        .text()
        .strip();
  }
}
