package dev.changeover.local.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.changeover.operator.publish.Leadership;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may publish and write: one at a time, and nobody who slept too long. */
final class LeadershipIT {
  private static final String NAMESPACE = "changeover";
  private static final Duration LEASE = Duration.ofSeconds(6);
  private static final Duration NOW_OR_NEVER = Duration.ofSeconds(2);

  private final EmbeddedApiServer server = EmbeddedApiServer.start();
  private final List<Candidate> candidates = new ArrayList<>();

  /** One operator as far as the Lease goes; its monotonic clock can be told to jump. */
  private final class Candidate {
    private final AtomicLong slept = new AtomicLong();
    private final AtomicInteger lost = new AtomicInteger();
    private final Leadership leadership;
    private final KubernetesClient client;

    Candidate(String name) {
      leadership =
          new Leadership(
              new Leadership.Terms(NAMESPACE, "operator", name, LEASE),
              InstantSource.system(),
              () -> System.nanoTime() + slept.get());
      client =
          new KubernetesClientBuilder()
              .withConfig(server.config())
              .withHttpClientBuilderConsumer(
                  http -> http.addOrReplaceInterceptor("lease", leadership.fence()))
              .build();
      leadership.stand(client, lost::incrementAndGet);
      candidates.add(this);
    }

    boolean leads() throws InterruptedException {
      return leadership.await(NOW_OR_NEVER) && leadership.holds();
    }

    void write(String name) {
      ConfigMap map =
          new ConfigMapBuilder()
              .withNewMetadata()
              .withName(name)
              .withNamespace(NAMESPACE)
              .endMetadata()
              .build();
      client.configMaps().inNamespace(NAMESPACE).resource(map).create();
    }

    Lease lease() {
      return client.leases().inNamespace(NAMESPACE).withName("operator").get();
    }
  }

  @AfterEach
  void stop() {
    candidates.forEach(candidate -> {
      candidate.leadership.close();
      candidate.client.close();
    });
    server.close();
  }

  @Test
  void theSecondWaitsUntilTheFirstGivesTheLeaseBack() throws InterruptedException {
    var first = new Candidate("first");
    assertThat(first.leads()).isTrue();
    var second = new Candidate("second");
    assertThat(second.leads()).isFalse();
    assertThatExceptionOfType(KubernetesClientException.class)
        .isThrownBy(() -> second.write("too-early"));
    first.write("in-time");

    first.leadership.close();
    assertThat(first.leadership.holds()).isFalse();
    assertThatExceptionOfType(KubernetesClientException.class)
        .isThrownBy(() -> first.write("too-late"));
    assertThat(second.leads()).isTrue();
    second.write("in-its-time");
    assertThat(second.lease().getSpec().getHolderIdentity()).isEqualTo("second");
    assertThat(first.lost).hasValue(0);
    assertThat(second.client.configMaps().inNamespace(NAMESPACE).list().getItems())
        .extracting(map -> map.getMetadata().getName())
        .containsExactlyInAnyOrder("in-time", "in-its-time");
  }

  @Test
  void itIsHeldForLongerThanItsDurationWhileItIsRenewed() throws InterruptedException {
    var first = new Candidate("first");
    assertThat(first.leads()).isTrue();
    var second = new Candidate("second");
    await()
        .during(LEASE.plusSeconds(1))
        .atMost(LEASE.plusSeconds(3))
        .until(() -> first.leadership.holds() && !second.leadership.holds());
    assertThat(first.lost).hasValue(0);
  }

  @Test
  void whoSleptTooLongKnowsItBeforeItAsksAnybody() throws InterruptedException {
    var first = new Candidate("first");
    assertThat(first.leads()).isTrue();
    first.slept.addAndGet(LEASE.toNanos());
    assertThat(first.leadership.holds()).isFalse();
    assertThatExceptionOfType(KubernetesClientException.class)
        .isThrownBy(() -> first.write("too-late"));
  }

  @Test
  void whoCannotRenewInTimeIsToldSoOnceAndNeverLeadsAgain() throws InterruptedException {
    var first = new Candidate("first");
    assertThat(first.leads()).isTrue();
    // its holder may renew it between our reading and our writing
    await()
        .atMost(Duration.ofSeconds(5))
        .ignoreExceptionsInstanceOf(KubernetesClientException.class)
        .until(() -> {
          Lease stolen = first.lease();
          stolen.getSpec().setHolderIdentity("thief");
          return first.client.leases().inNamespace(NAMESPACE).resource(stolen).update() != null;
        });
    await().atMost(Duration.ofSeconds(5)).until(() -> first.lost.get() == 1);
    assertThat(first.leadership.holds()).isFalse();

    // the thief does not renew: whoever waits has it after its duration, the loser never
    var second = new Candidate("second");
    await().atMost(LEASE.plusSeconds(4)).until(second.leadership::holds);
    assertThat(first.leadership.holds()).isFalse();
    assertThat(first.lost).hasValue(1);
  }

  @Test
  void theSameHolderTakesItsOwnLeaseUpAtOnce() throws InterruptedException {
    var before = new Candidate("operator-abc");
    assertThat(before.leads()).isTrue();
    var after = new Candidate("operator-abc"); // its container has started again
    assertThat(after.leads()).isTrue();
  }
}
