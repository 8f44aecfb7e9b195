package dev.changeover.e2e;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.crds.LlmRoute;
import dev.changeover.e2e.Cluster.Level;
import dev.changeover.testkit.client.ChatResult;
import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.process.GatewayProcess;
import dev.changeover.testkit.process.JavaProcess;
import dev.changeover.testkit.process.SteadyTraffic;
import dev.changeover.testkit.provider.Answer;
import dev.changeover.testkit.provider.Dialect;
import dev.changeover.testkit.provider.Pacing;
import dev.changeover.testkit.provider.VendorReplies;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What goes wrong between the operator and the API server, while callers are served: nothing is
 * lost, no state flips, no gateway goes back to an older revision, and the next change arrives.
 */
@Tag("cluster-a")
@Tag("own-cluster")
final class FaultsIT {
  private static final int OUTAGE_SECONDS = Integer.getInteger("e2e.outage.seconds", 60);
  private static final int PAUSE_SECONDS = 25;
  private static final int CALLERS = 4;
  private static final int OTHERS = 6;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int A_WHILE = 50;

  /** Slow enough that the callers do not run out of requests. */
  private static final Pacing STEADY =
      new Pacing(Duration.ofMillis(60), Duration.ZERO, Duration.ofMillis(5));

  /** Watches end after 5 to 10 seconds, and what they would go on from is soon forgotten. */
  private static final String FLAGS =
      "--min-request-timeout=5 --etcd-compaction-interval=10s --watch-cache=false"
          + " --goaway-chance=0.02";

  private static Cluster cluster;

  @TempDir private Path folder;

  private Installation fleet;
  private States states;
  private SteadyTraffic traffic;
  private int changes;

  @BeforeAll
  static void start() {
    cluster = Cluster.start(Level.A, FLAGS);
  }

  @AfterAll
  static void stop() {
    try (var _ = cluster) {
      // null where it did not start
    }
  }

  @BeforeEach
  void aBanHasHappenedAndCallersAreServed() {
    fleet = Installation.started(cluster, folder, "faults", 2);
    fleet.openAi().always(new Answer(STEADY));
    fleet.anthropic().ban(VendorReplies.anthropicOrganizationDisabled());
    assertThat(fleet.ask(fleet.gateway("gateway-1"), Dialect.ANTHROPIC))
        .isInstanceOf(Complete.class);
    fleet.awaitProviderState("anthropic", "Banned");
    fleet.awaitProviderState("openai", "Available");
    fleet.awaitRouteState("assistant", "FailedOver");
    states = new States(fleet.client(), fleet.namespace());
    traffic =
        SteadyTraffic.start(
            Installation.MODEL,
            CALLERS,
            List.of(fleet.gateway("gateway-1").origin(), fleet.gateway("gateway-2").origin()),
            System::nanoTime);
    traffic.awaitMore(A_WHILE);
  }

  @AfterEach
  void end() {
    try (var _ = fleet;
        var _ = states;
        var _ = traffic) {
      // null from where the set-up failed
    }
  }

  @Test
  void theFleetOutlivesWhatAnApiServerCanDoToIt() {
    phase("watches that end", () -> wait(15));
    phase("410 after a pause", this::operatorIsPaused);
    phase("429", this::operatorIsTurnedAway);
    phase("conflicts", this::othersWriteAsWell);
    phase("a Secret deleted and made again", this::keysAreMadeAgain);
    phase("the durable Secret deleted", this::durableSecretIsDeleted);
    phase("API server restarted", () -> cluster.control("restart", "kube-apiserver"));
    phase(OUTAGE_SECONDS + " s without an API server", this::apiServerIsAway);

    List<ChatResult> results = traffic.stop();
    assertThat(results).isNotEmpty().allMatch(Complete.class::isInstance);
    assertThat(states.of("LlmProvider/anthropic")).containsExactly("Banned");
    assertThat(states.of("LlmProvider/openai")).containsExactly("Available");
    assertThat(states.of("LlmRoute/assistant")).containsExactly("FailedOver");
    assertNeverBack(fleet.gateway("gateway-1"));
    assertNeverBack(fleet.gateway("gateway-2"));
    Figures.print("%d requests answered while the API server failed".formatted(results.size()));
  }

  /** A fault, after which callers are served and the next change reaches both gateways. */
  private void phase(String name, Runnable fault) {
    long began = System.nanoTime();
    int served = traffic.finished();
    fault.run();
    long over = System.nanoTime();
    changeArrives();
    traffic.awaitMore(A_WHILE);
    Figures.print(
        "%s: %d requests answered in %d s, next change there after %d ms more"
            .formatted(
                name,
                traffic.finished() - served,
                (over - began) / 1_000_000_000,
                (System.nanoTime() - over) / 1_000_000));
  }

  private void changeArrives() {
    change();
    await("a change reaches both gateways")
        .atMost(Installation.SETTLED_MAX)
        .ignoreExceptions()
        .until(() -> Standing.allWell(fleet.kubectl()));
  }

  /** Gives the route another deadline. */
  private void change() {
    int seconds = 300 + ++changes;
    await().atMost(Installation.SETTLED_MAX).until(() -> fleet.deadline(seconds).status() == 0);
  }

  private static void wait(int seconds) {
    await().pollDelay(seconds, SECONDS).atMost(seconds + 1, SECONDS).until(() -> true);
  }

  private void operatorIsPaused() {
    JavaProcess operator = fleet.operator().process();
    operator.signal("STOP");
    try {
      wait(PAUSE_SECONDS / 2);
      change();
      wait(PAUSE_SECONDS / 2);
    } finally {
      operator.signal("CONT");
    }
  }

  /** By a priority level with one seat and no queue, taken by others in the operator's name. */
  private void operatorIsTurnedAway() {
    fleet.apply(
        """
        apiVersion: flowcontrol.apiserver.k8s.io/v1
        kind: PriorityLevelConfiguration
        metadata: {name: one-seat}
        spec:
          type: Limited
          limited: {nominalConcurrencyShares: 0, lendablePercent: 0, borrowingLimitPercent: 0, limitResponse: {type: Reject}}
        ---
        apiVersion: flowcontrol.apiserver.k8s.io/v1
        kind: FlowSchema
        metadata: {name: one-seat}
        spec:
          matchingPrecedence: 2
          priorityLevelConfiguration: {name: one-seat}
          rules:
          - subjects: [{kind: ServiceAccount, serviceAccount: {name: changeover-operator, namespace: %s}}]
            resourceRules: [{verbs: ["*"], apiGroups: ["*"], resources: ["*"], namespaces: ["*"], clusterScope: true}]
        """
            .formatted(fleet.namespace()));
    int asked = cluster.audit().size();
    var over = new AtomicBoolean();
    try (KubernetesClient others = fleet.clientOfOperator();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < OTHERS; i++) {
        threads.execute(() -> {
          while (!over.get()) {
            ask(others);
          }
        });
      }
      try {
        await()
            .atMost(Installation.SETTLED_MAX)
            .until(() -> {
              change();
              return cluster.audit().of(fleet.operatorUser(), asked).stream()
                  .anyMatch(entry -> entry.writes() && entry.code() == TOO_MANY_REQUESTS);
            });
      } finally {
        over.set(true);
      }
    }
    fleet.kubectl().ok("delete", "flowschema/one-seat", "prioritylevelconfiguration/one-seat");
  }

  private void ask(KubernetesClient client) {
    try {
      client.resources(LlmRoute.class).inNamespace(fleet.namespace()).list();
    } catch (KubernetesClientException e) {
      assertThat(e.getCode()).isEqualTo(TOO_MANY_REQUESTS);
    }
  }

  private void othersWriteAsWell() {
    for (int i = 0; i < 20; i++) {
      fleet.kubectl().ok("annotate", "secret/" + SecretMount.NAME, "n=" + i, "--overwrite");
      fleet.kubectl().ok("annotate", "llmr/assistant", "n=" + i, "--overwrite");
      change();
    }
  }

  private void keysAreMadeAgain() {
    fleet.kubectl().ok("delete", "secret/keys");
    wait(1);
    fleet.secret(Installation.ANTHROPIC_KEY, Installation.OPENAI_KEY);
  }

  private void durableSecretIsDeleted() {
    fleet.kubectl().ok("delete", "secret/" + SecretMount.NAME);
    await("the durable Secret is made again")
        .atMost(Installation.SETTLED_MAX)
        .until(() -> fleet.kubectl().run("get", "secret/" + SecretMount.NAME).status() == 0);
  }

  private void apiServerIsAway() {
    cluster.control("signal", "kube-apiserver", "KILL");
    wait(OUTAGE_SECONDS);
    cluster.control("restart", "kube-apiserver");
  }

  private static void assertNeverBack(GatewayProcess gateway) {
    AccessLog log = AccessLog.of(gateway);
    assertThat(
            log.requests().getLast().revision().isNewerThan(log.requests().getFirst().revision()))
        .isTrue();
    assertThat(log.wentBack()).isEmpty();
  }
}
