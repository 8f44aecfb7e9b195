package dev.changeover.e2e;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.e2e.AuditLog.Entry;
import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.process.GatewayProcess;
import dev.changeover.testkit.provider.Dialect;
import dev.changeover.testkit.provider.VendorReplies;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An installation that nobody uses and nobody changes. */
@OnApiServer
@Tag("own-cluster")
final class IdleIT {
  private static final int IDLE_SECONDS = Integer.getInteger("e2e.idle.seconds", 60);

  /** The durable copy follows the last change within this time, and figures theirs. */
  private static final int AFTERMATH_SECONDS = 40;

  @TempDir private Path folder;

  private final Cluster cluster;

  IdleIT(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void itWritesNothingAndSaysNothing() {
    try (var fleet = Installation.started(cluster, folder, "idle", 2)) {
      // Given: one provider serves, another is banned
      GatewayProcess gateway = fleet.gateway("gateway-1");
      fleet.anthropic().ban(VendorReplies.anthropicOrganizationDisabled());
      assertThat(fleet.ask(gateway, Dialect.ANTHROPIC)).isInstanceOf(Complete.class);
      fleet.awaitProviderState("anthropic", "Banned");
      fleet.awaitRouteState("assistant", "FailedOver");
      await()
          .pollDelay(AFTERMATH_SECONDS, SECONDS)
          .atMost(AFTERMATH_SECONDS + 1, SECONDS)
          .until(() -> true);
      int asked = cluster.audit().size();
      List<String> logs = logs(fleet);
      // When
      await().pollDelay(IDLE_SECONDS, SECONDS).atMost(IDLE_SECONDS + 1, SECONDS).until(() -> true);
      // Then
      assertThat(cluster.audit().of(fleet.operatorUser(), asked))
          .filteredOn(Entry::writes)
          .isEmpty();
      assertThat(logs(fleet)).isEqualTo(logs);
    }
  }

  /** What is logged above debug: the programs' usual level leaves debug out. */
  private static List<String> logs(Installation fleet) {
    return Stream.of(
            fleet.operator().process(),
            fleet.gateway("gateway-1").process(),
            fleet.gateway("gateway-2").process())
        .map(process -> process.written())
        .toList();
  }
}
