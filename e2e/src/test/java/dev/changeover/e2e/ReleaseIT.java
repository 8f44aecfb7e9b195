package dev.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.testkit.client.ChatResult;
import dev.changeover.testkit.client.ChatResult.Broken;
import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.process.SteadyTraffic;
import dev.changeover.testkit.provider.Dialect;
import dev.changeover.testkit.provider.VendorReplies;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What a release does in pods: callers through its Service, while it is banned, changed and hit.
 */
@OnNode
@Tag("own-cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReleaseIT {
  /** What is aimed at, and how much longer a busy machine may take. */
  private static final Duration SEEN_AIM = Duration.ofSeconds(1);

  private static final int BUSY_FACTOR = 10;
  private static final int CALLERS = 4;
  private static final int SOME = 60;

  private final Cluster cluster;
  private final Release release;

  ReleaseIT(Cluster cluster) {
    this.cluster = cluster;
    release = Release.installed(cluster, "release");
  }

  @AfterAll
  void close() {
    release.close();
  }

  @AfterEach
  void allIsWellAgain() {
    release.anthropic().unban();
    release.kubectl().ok("annotate", "llmp/anthropic", "--overwrite", clear());
    release.rolledOut("operator");
    release.rolledOut("gateway");
    release.awaitPreferred();
    assertThat(cluster.audit().of(release.operatorUser(), 0))
        .as("what the operator asked and was refused")
        .noneMatch(entry -> entry.code() == 403);
  }

  private static String clear() {
    return "changeover.dev/clear=" + System.nanoTime();
  }

  @Test
  void helmTestIsAnsweredByAGateway() {
    assertThat(release.test()).contains("Phase:          Succeeded");
  }

  @Test
  void aPodOfACallerIsAnsweredThroughTheService() {
    // When
    release
        .kubectl()
        .apply(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: caller}
            spec:
              restartPolicy: Never
              automountServiceAccountToken: false
              securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
              containers:
              - name: caller
                image: %s
                args: [check, "http://changeover-gateway.%s.svc:8080", --model, assistant]
                securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
            """
                .formatted(release.image("gateway"), release.namespace()))
        .ok();
    // Then
    release
        .kubectl()
        .command("wait", "pod/caller", "--for=jsonpath={.status.phase}=Succeeded", "--timeout=110s")
        .run()
        .ok();
    assertThat(release.kubectl().ok("logs", "caller"))
        .startsWith("200 ")
        .contains("\"provider\":\"anthropic\"");
  }

  @Test
  void aBanFailsOverAndKubectlSaysSoAtOnce() {
    // Given
    release.awaitPreferred();
    release.awaitState("anthropic", "Available");
    // When
    release.anthropic().ban(VendorReplies.anthropicOrganizationDisabled());
    ChatResult result = release.ask(Dialect.OPENAI, true);
    long answered = System.nanoTime();
    release.awaitState("anthropic", "Banned");
    Duration seen = Duration.ofNanos(System.nanoTime() - answered);
    // Then
    assertThat(result).isInstanceOf(Complete.class);
    assertThat(result.reply().provider()).endsWith("/openai");
    Figures.print(
        "ban: answered by the next, then Banned in kubectl after %d ms".formatted(seen.toMillis()));
    assertThat(seen).isLessThan(SEEN_AIM.multipliedBy(BUSY_FACTOR));
  }

  @Test
  void aKeyIsRotatedWithoutARestart() {
    // Given
    var before =
        Map.of("operator", release.restarts("operator"), "gateway", release.restarts("gateway"));
    // When
    release.key("key-of-anthropic-0002");
    // Then: the provider knows the old key alone, so the new one is refused and the next serves
    await("the new key is in use")
        .atMost(Release.SETTLED_MAX)
        .until(() -> release.ask(Dialect.ANTHROPIC, false).reply().provider().endsWith("/openai"));
    release.key(Installation.ANTHROPIC_KEY);
    release.kubectl().ok("annotate", "llmp/anthropic", "--overwrite", clear());
    release.awaitPreferred();
    assertThat(release.restarts("operator")).isEqualTo(before.get("operator"));
    assertThat(release.restarts("gateway")).isEqualTo(before.get("gateway"));
  }

  @Test
  void anUpgradeUnderLoadLosesNothing() {
    try (SteadyTraffic traffic = release.traffic(CALLERS)) {
      traffic.awaitMore(SOME);
      // When
      release.upgrade("--set-string=gateway.podAnnotations.changed=" + System.nanoTime());
      traffic.awaitMore(SOME);
      // Then
      assertThat(traffic.stop()).allSatisfy(it -> assertThat(it).isInstanceOf(Complete.class));
    }
  }

  @Test
  void scalingUnderLoadLosesNothing() {
    try (SteadyTraffic traffic = release.traffic(CALLERS)) {
      // When
      for (int replicas : List.of(4, 1, 2)) {
        release.kubectl().ok("scale", "deployment/changeover-gateway", "--replicas=" + replicas);
        release.rolledOut("gateway");
        await("as many gateways as wanted")
            .atMost(Release.SETTLED_MAX)
            .until(() -> release.pods("gateway").size() == replicas);
        traffic.awaitMore(SOME);
      }
      // Then
      assertThat(traffic.stop()).allSatisfy(it -> assertThat(it).isInstanceOf(Complete.class));
    }
  }

  @Test
  void anEvictionLosesNothingAndTheSecondWaitsForTheFirst() {
    List<String> gateways = release.pods("gateway");
    try (SteadyTraffic traffic = release.traffic(CALLERS)) {
      traffic.awaitMore(SOME);
      // When
      Command.Result first = evict(gateways.get(0));
      Command.Result second = evict(gateways.get(1));
      release.rolledOut("gateway");
      traffic.awaitMore(SOME);
      // Then
      first.ok();
      assertThat(second.text()).contains("disruption budget");
      assertThat(traffic.stop()).allSatisfy(it -> assertThat(it).isInstanceOf(Complete.class));
    }
  }

  private Command.Result evict(String pod) {
    String path = "/api/v1/namespaces/%s/pods/%s/eviction".formatted(release.namespace(), pod);
    return release
        .kubectl()
        .command("create", "--raw=" + path, "--filename=-")
        .run(
            "{\"apiVersion\":\"policy/v1\",\"kind\":\"Eviction\",\"metadata\":{\"name\":\"%s\"}}"
                .formatted(pod));
  }

  @Test
  void aKilledGatewayLosesOnlyWhatItHadAndNobodyTakesThatForWhole() {
    try (SteadyTraffic traffic = release.traffic(CALLERS)) {
      traffic.awaitMore(SOME);
      // When
      String pod = release.pods("gateway").getFirst();
      int restarts = restarts(pod);
      kill(container(pod));
      awaitRestart(pod, restarts);
      release.rolledOut("gateway");
      traffic.awaitMore(SOME);
      // Then
      List<ChatResult> results = traffic.stop();
      List<ChatResult> lost = results.stream().filter(it -> !(it instanceof Complete)).toList();
      Figures.print("kill -9 of a gateway: %d of %d lost".formatted(lost.size(), results.size()));
      assertThat(lost).allSatisfy(it -> assertThat(it).isInstanceOf(Broken.class));
      assertThat(results.subList(results.size() - CALLERS, results.size()))
          .allSatisfy(it -> assertThat(it).isInstanceOf(Complete.class));
    }
  }

  @Test
  void withoutAnOperatorNewGatewaysServeAndWithoutAnApiServerContainersRestart() {
    try {
      // Given
      release.kubectl().ok("scale", "deployment/changeover-operator", "--replicas=0");
      await("no operator")
          .atMost(Release.SETTLED_MAX)
          .until(() -> release.pods("operator").isEmpty());
      // When
      release.kubectl().ok("scale", "deployment/changeover-gateway", "--replicas=0");
      await("no gateway")
          .atMost(Release.SETTLED_MAX)
          .until(() -> release.pods("gateway").isEmpty());
      release.kubectl().ok("scale", "deployment/changeover-gateway", "--replicas=1");
      release.rolledOut("gateway");
      // Then
      assertThat(release.ask(Dialect.OPENAI, true)).isInstanceOf(Complete.class);
      // When
      String pod = release.pods("gateway").getFirst();
      String container = container(pod);
      int restarts = restarts(pod);
      cluster.control("signal", "kube-apiserver", "STOP");
      try {
        kill(container);
        await("it is down or up again")
            .pollDelay(Duration.ofSeconds(1))
            .atMost(Release.SETTLED_MAX)
            .until(() -> release.ask(Dialect.OPENAI, true) instanceof Complete);
      } finally {
        cluster.control("signal", "kube-apiserver", "CONT");
      }
      awaitRestart(pod, restarts);
    } finally {
      release.kubectl().ok("scale", "deployment/changeover-operator", "--replicas=1");
      release.kubectl().ok("scale", "deployment/changeover-gateway", "--replicas=2");
    }
  }

  private int restarts(String pod) {
    return release.restarts("gateway").getOrDefault(pod, 0);
  }

  /** Waits until it has been started again more often than before. */
  private void awaitRestart(String pod, int before) {
    await(pod + " was started again")
        .atMost(Release.SETTLED_MAX)
        .until(() -> restarts(pod) > before);
  }

  private String container(String pod) {
    String id =
        release
            .kubectl()
            .ok("get", "pod", pod, "--output=jsonpath={.status.containerStatuses[0].containerID}");
    return id.substring(id.indexOf("//") + 2);
  }

  /** Kills a container's process as the kernel would, with nobody told. */
  private void kill(String container) {
    cluster.control("ctr", "tasks", "kill", "--signal=SIGKILL", container);
  }
}
