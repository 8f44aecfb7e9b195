package dev.changeover.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.contract.ContractJson;
import dev.changeover.contract.HoldKey;
import dev.changeover.gateway.attempt.ProbeRunner;
import dev.changeover.gateway.health.HealthBoard;
import dev.changeover.gateway.http.ApiServer;
import dev.changeover.gateway.upstream.Upstream;
import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.provider.Dialect;
import dev.changeover.testkit.provider.VendorReplies;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bans end by a probe, never by a user's request. */
final class ProbeTest {
  private static final HoldKey HOLD = new HoldKey.OfProvider(Rig.FIRST);

  private final List<String> spent = new CopyOnWriteArrayList<>();
  private final Rig rig;
  private final Upstream upstream = new Upstream(System::nanoTime);
  private final ProbeRunner probes;

  ProbeTest() throws IOException {
    rig = new Rig();
    probes =
        new ProbeRunner(
            rig.gateway.config()::current,
            upstream,
            rig.gateway.health(),
            (provider, _, usage) -> spent.add(provider + " " + usage.output()),
            InstantSource.system());
  }

  @BeforeEach
  void ban() {
    rig.first.ban(VendorReplies.anthropicOrganizationDisabled());
    assertThat(rig.ask(Dialect.OPENAI, false)).isInstanceOf(Complete.class);
    assertThat(rig.gateway.health().available(Rig.FIRST)).isFalse();
  }

  @AfterEach
  void close() {
    probes.close();
    upstream.close();
    rig.close();
  }

  @Test
  void aProbeThatIsAnsweredEndsTheBan() {
    // Given
    rig.first.unban();
    // When
    probes.probe(HOLD);
    // Then
    await().until(() -> rig.gateway.health().available(Rig.FIRST));
    assertThat(rig.first.ledger().entries())
        .extracting(entry -> entry.method() + " " + entry.path())
        .containsExactly("POST /v1/messages", "GET /v1/models", "POST /v1/messages");
    assertThat(spent).containsExactly("default/first 1");
    assertThat(((Complete) rig.ask(Dialect.OPENAI, true)).text()).contains("alpha");
  }

  @Test
  void whatFallsDueIsLeftToAnOperatorWhileThereIsOne() {
    // Given
    var skipped = new AtomicReference<>(Duration.ZERO);
    InstantSource clock = () -> Instant.now().plus(skipped.get());
    var health = new HealthBoard(clock, new Random(1));
    health.configured(rig.gateway.config().current().config());
    health.joinFleet(rig.gateway.health().fleetHolds());
    var alone = new AtomicBoolean();
    try (var byItself =
        new ProbeRunner(rig.gateway.config()::current, upstream, health, (_, _, _) -> {}, clock)) {
      byItself.start(alone::get);
      // When an operator is there
      skipped.set(Duration.ofMinutes(20));
      // Then
      await().during(Duration.ofSeconds(2)).until(() -> rig.first.ledger().received() == 1);
      // When there is none
      alone.set(true);
      skipped.set(Duration.ofMinutes(40));
      // Then
      await().until(() -> rig.first.ledger().received() == 2);
    }
  }

  @Test
  void aGatewayWhoseOperatorIsDeadProbesByItself() throws IOException {
    // Given
    var skipped = new AtomicReference<>(Duration.ZERO);
    var settings =
        new Gateway.Settings(
            "alone",
            new ApiServer.Listen("127.0.0.1", 0),
            Optional.empty(),
            Optional.empty(),
            List.of(URI.create("ws://127.0.0.1:1")),
            Duration.ZERO,
            Duration.ZERO,
            "test");
    var surroundings =
        new Gateway.Surroundings(
            () -> Instant.now().plus(skipped.get()),
            () -> System.nanoTime() + skipped.get().toNanos(),
            new Random(1));
    rig.first.unban();
    try (Gateway alone = Gateway.start(settings, surroundings)) {
      var table = rig.gateway.config().current();
      alone
          .config()
          .offer(table.revision(), ContractJson.tree(table.config()), table.credentials());
      alone.health().joinFleet(rig.gateway.health().fleetHolds());
      assertThat(alone.health().available(Rig.FIRST)).isFalse();
      // When
      skipped.set(Duration.ofMinutes(20));
      // Then
      await().until(() -> alone.health().available(Rig.FIRST));
    }
  }

  @Test
  void aProbeThatIsRefusedLeavesItAndCostsNothing() {
    // When
    probes.probe(HOLD);
    // Then
    await().until(() -> rig.first.ledger().received() == 2);
    assertThat(rig.gateway.health().available(Rig.FIRST)).isFalse();
    assertThat(rig.first.ledger().entries().getLast().method()).isEqualTo("GET");
  }
}
