package dev.changeover.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.contract.HoldKey;
import dev.changeover.gateway.attempt.ProbeRunner;
import dev.changeover.gateway.upstream.Upstream;
import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.provider.Dialect;
import dev.changeover.testkit.provider.VendorReplies;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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
  void aProbeThatIsRefusedLeavesItAndCostsNothing() {
    // When
    probes.probe(HOLD);
    // Then
    await().until(() -> rig.first.ledger().received() == 2);
    assertThat(rig.gateway.health().available(Rig.FIRST)).isFalse();
    assertThat(rig.first.ledger().entries().getLast().method()).isEqualTo("GET");
  }
}
