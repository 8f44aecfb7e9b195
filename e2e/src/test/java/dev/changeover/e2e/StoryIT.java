package dev.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.testkit.Goldens;
import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.process.GatewayProcess;
import dev.changeover.testkit.provider.Dialect;
import dev.changeover.testkit.provider.VendorReplies;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ban and its end, as kubectl tells it. */
@OnApiServer
final class StoryIT {
  private static final Path GOLDENS = Path.of(System.getProperty("basedir"), "src/test/resources");

  @TempDir private Path folder;

  private final Cluster cluster;

  StoryIT(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void kubectlTellsABanAndItsEnd() {
    try (var fleet = Installation.started(cluster, folder, "story", 2)) {
      var story = new Transcript(fleet.kubectl());
      GatewayProcess one = fleet.gateway("gateway-1");
      GatewayProcess two = fleet.gateway("gateway-2");

      story.chapter("Installed, no request yet");
      story.run("wait", "llmr/assistant", "--for=condition=Ready", "--timeout=30s");
      story.table("get", "llmproviders");
      story.table("get", "llmroutes");

      assertThat(fleet.ask(one, Dialect.ANTHROPIC)).isInstanceOf(Complete.class);
      fleet.awaitProviderState("anthropic", "Available");
      fleet.awaitRouteState("assistant", "Available");
      story.chapter("The preferred provider serves");
      story.table("get", "llm");

      fleet.anthropic().ban(VendorReplies.anthropicOrganizationDisabled());
      assertThat(fleet.ask(two, Dialect.OPENAI)).isInstanceOf(Complete.class);
      fleet.awaitProviderState("anthropic", "Banned");
      fleet.awaitRouteState("assistant", "FailedOver");
      fleet.awaitProviderState("openai", "Available");
      fleet.awaitEvent("llmroute/assistant", "FailedOver");
      story.chapter("The ban");
      story.table("get", "llmproviders");
      story.table("get", "llmproviders", "--output=wide");
      story.table("get", "llmroutes");
      story.table("get", "llmroutes", "--output=wide");
      story.table("get", "llmp", "--field-selector=status.state=Banned");
      story.run("describe", "llmprovider/anthropic");
      story.run("describe", "llmroute/assistant");
      story.table("events", "--for=llmprovider/anthropic");
      story.table("events", "--for=llmroute/assistant");

      fleet.anthropic().unban();
      fleet.kubectl().ok("annotate", "llmp/anthropic", "changeover.dev/clear=appealed");
      fleet.awaitEvent("llmprovider/anthropic", "HoldCleared");
      assertThat(fleet.ask(two, Dialect.OPENAI)).isInstanceOf(Complete.class);
      fleet.awaitProviderState("anthropic", "Available");
      fleet.awaitRouteState("assistant", "Available");
      fleet.awaitEvent("llmroute/assistant", "FailedBack");
      story.chapter("Cleared by a person");
      story.table("get", "llm");
      story.table("events", "--for=llmprovider/anthropic");
      story.table("events", "--for=llmroute/assistant");
      Goldens.compare(GOLDENS.resolve("kubectl-story.txt"), story.text());
    }
  }

  @Test
  void kubectlExplainsBothKinds() {
    // Given
    Kubectl kubectl = cluster.kubectl("default");
    await("the API server publishes the schemas")
        .atMost(Installation.SETTLED_MAX)
        .until(() ->
            kubectl.run("explain", "llmr").status() == 0
                && kubectl.run("explain", "llmp").status() == 0);
    var explained = new Transcript(kubectl);
    // When
    for (String kind : new String[] {"llmprovider", "llmroute"}) {
      explained.run("explain", kind);
      explained.run("explain", kind + ".spec");
      explained.run("explain", kind + ".status");
    }
    explained.run("explain", "llmprovider.spec.credentials.secretKeyRef");
    explained.run("explain", "llmroute.spec.targets");
    // Then
    Goldens.compare(GOLDENS.resolve("kubectl-explain.txt"), explained.text());
  }
}
