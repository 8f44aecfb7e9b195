package dev.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.contract.Revision;
import dev.changeover.gateway.GatewayMain;
import dev.changeover.operator.OperatorMain;
import dev.changeover.testkit.process.GatewayProcess;
import dev.changeover.testkit.process.JavaProcess;
import dev.changeover.testkit.process.OperatorProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two operators and one Lease: whoever slept too long says nothing any more. */
@OnApiServer
@Tag("own-cluster")
final class LeaseIT {
  private static final int OVERTAKEN = 3;
  private static final List<String> LEASE =
      List.of("--lease=changeover-operator", "--lease-duration=PT9S");
  private static final Pattern APPLIED =
      Pattern.compile("configuration applied.*\"revision\":\"(\\d+)\\.(\\d+)\"");

  @TempDir private Path folder;

  @Test
  void aPausedOperatorThatWakesAfterItsLeaseIsGoneNeitherPublishesNorWrites(Cluster cluster)
      throws IOException {
    try (var fleet = new Installation(cluster, folder, "lease")) {
      // Given an operator that leads, one that waits, and a gateway that dials both
      OperatorProcess first = fleet.startOperator(LEASE.toArray(String[]::new));
      int secondPort = freePort();
      try (GatewayProcess gateway = gateway(fleet, first.controlPort(), secondPort);
          JavaProcess second = second(cluster, fleet.namespace(), secondPort)) {
        fleet.awaitProgrammed(1);
        second.awaitWritten(Pattern.compile("operator waits for the Lease"));

        // When the first sleeps, the second takes over and something changes
        first.process().signal("STOP");
        second.awaitWritten(Pattern.compile("operator started"));
        int asked = cluster.audit().size();
        fleet.deadline(301).ok();
        await("the change is programmed by the second operator")
            .atMost(Installation.SETTLED_MAX)
            .until(() -> lastApplied(gateway).epoch() > 1 && Standing.allWell(fleet.kubectl()));
        first.process().signal("CONT");

        // Then the first ends, and has written nothing
        assertThat(first.process().exit()).isEqualTo(OVERTAKEN);
        assertThat(cluster.audit().of(fleet.operatorUser(), asked))
            .filteredOn(AuditLog.Entry::writes)
            .isEmpty();
        fleet.deadline(302).ok();
        await("the second operator goes on")
            .atMost(Installation.SETTLED_MAX)
            .until(() -> Standing.allWell(fleet.kubectl()));
        assertThat(applied(gateway)).isSorted().doesNotHaveDuplicates();
      }
    }
  }

  /** As the administrator, so that the audit log tells the two apart. */
  private JavaProcess second(Cluster cluster, String namespace, int port) {
    List<String> options = new ArrayList<>(LEASE);
    options.add("--watch-namespaces=" + namespace);
    return OperatorProcess.launch(
        new OperatorProcess.Start(
            OperatorMain.class,
            "second",
            folder,
            cluster.kubeconfig(),
            namespace,
            port,
            JavaProcess.HEAP_MEGABYTES,
            options,
            Map.of()));
  }

  private GatewayProcess gateway(Installation fleet, int... ports) {
    List<URI> operators =
        IntStream.of(ports).mapToObj(port -> URI.create("http://127.0.0.1:" + port)).toList();
    return GatewayProcess.start(
        new GatewayProcess.Start(
            GatewayMain.class,
            "gateway-1",
            folder,
            fleet.mount().path(),
            operators,
            List.of(),
            Map.of()));
  }

  private static List<Revision> applied(GatewayProcess gateway) {
    return APPLIED
        .matcher(gateway.process().written())
        .results()
        .map(found -> new Revision(Long.parseLong(found.group(1)), Long.parseLong(found.group(2))))
        .toList();
  }

  private static Revision lastApplied(GatewayProcess gateway) {
    return applied(gateway).getLast();
  }

  private static int freePort() throws IOException {
    try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }
}
