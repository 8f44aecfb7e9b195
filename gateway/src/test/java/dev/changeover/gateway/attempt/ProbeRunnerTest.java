package dev.changeover.gateway.attempt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.contract.ApiKey;
import dev.changeover.contract.Attempts;
import dev.changeover.contract.ContractVersion;
import dev.changeover.contract.Credentials;
import dev.changeover.contract.FleetConfig;
import dev.changeover.contract.HealthPolicy;
import dev.changeover.contract.HoldKey;
import dev.changeover.contract.KeyRef;
import dev.changeover.contract.Mode;
import dev.changeover.contract.ModelFacts;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.Overrides;
import dev.changeover.contract.ProviderConfig;
import dev.changeover.contract.ProviderType;
import dev.changeover.contract.Reason;
import dev.changeover.contract.Revision;
import dev.changeover.contract.RouteConfig;
import dev.changeover.contract.Strategy;
import dev.changeover.contract.TargetConfig;
import dev.changeover.contract.Timeouts;
import dev.changeover.gateway.config.RoutingTable;
import dev.changeover.gateway.health.Failures;
import dev.changeover.gateway.health.HealthBoard;
import dev.changeover.gateway.health.PermitKind;
import dev.changeover.gateway.upstream.Upstream;
import dev.changeover.testkit.provider.LedgerEntry;
import dev.changeover.testkit.provider.ProviderSettings;
import dev.changeover.testkit.provider.SimulatedProvider;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a probe asks at OpenAI, and with which key. */
final class ProbeRunnerTest {
  private static final ObjectName NAME = ObjectName.parse("default/openai");
  private static final ApiKey MAIN = new ApiKey("sk-main");
  private static final ApiKey SPARE = new ApiKey("sk-spare");
  private static final KeyRef MAIN_REF = KeyRef.of("main", "uid", MAIN);
  private static final KeyRef SPARE_REF = KeyRef.of("spare", "uid", SPARE);

  private final SimulatedProvider provider =
      SimulatedProvider.start(
          ProviderSettings.of("alpha", System::nanoTime)
              .withKey("main", MAIN.secret())
              .withKey("spare", SPARE.secret()));
  private final Upstream upstream = new Upstream(System::nanoTime);
  private final HealthBoard health =
      new HealthBoard(InstantSource.system(), RandomGenerator.getDefault());
  private final RoutingTable table =
      RoutingTable.of(
          new Revision(1, 1),
          new FleetConfig(
              ContractVersion.CURRENT,
              "default",
              List.of(config()),
              List.of(
                  new RouteConfig(
                      ObjectName.parse("default/assistant"),
                      List.of("assistant"),
                      Strategy.PRIORITY,
                      List.of(new TargetConfig.Usable("t", NAME, "plain", Overrides.NONE)),
                      Attempts.DEFAULT,
                      Mode.ACTIVE))),
          Credentials.of(Map.of(MAIN_REF.keyId(), MAIN, SPARE_REF.keyId(), SPARE)));
  private final ProbeRunner probes =
      new ProbeRunner(() -> table, upstream, health, (_, _, _) -> {}, InstantSource.system());

  private ProviderConfig config() {
    return new ProviderConfig(
        NAME,
        ProviderType.OPENAI,
        URI.create(provider.openAiBaseUrl()),
        "print",
        List.of(MAIN_REF, SPARE_REF),
        new TreeMap<>(),
        Optional.empty(),
        List.of(facts("plain", false), facts("thinker", true)),
        Timeouts.DEFAULT,
        HealthPolicy.DEFAULT,
        Mode.ACTIVE);
  }

  private static ModelFacts facts(String model, boolean reasoning) {
    return new ModelFacts(model, OptionalInt.empty(), OptionalInt.empty(), reasoning);
  }

  @AfterEach
  void close() {
    probes.close();
    upstream.close();
    provider.close();
  }

  @Test
  void aModelThatReasonsIsGivenRoomToAnswerInItsOwnWord() {
    assertThat(asked(new HoldKey.OfModel(NAME, "plain")).body().text())
        .contains("\"max_completion_tokens\":1,")
        .doesNotContain("max_tokens");
    assertThat(asked(new HoldKey.OfModel(NAME, "thinker")).body().text())
        .contains("\"max_completion_tokens\":64,");
    assertThat(asked(new HoldKey.OfModel(NAME, "stranger")).body().text())
        .contains("\"max_completion_tokens\":64,");
  }

  @Test
  void aKeyThatIsHeldIsNotAskedWith() {
    // Given
    health.configured(table.config());
    health
        .permit(config(), Optional.of(MAIN_REF), "plain", PermitKind.NORMAL)
        .orElseThrow()
        .failed(Failures.of(Reason.CREDENTIAL_REJECTED));
    // When
    LedgerEntry asked = asked(new HoldKey.OfProvider(NAME));
    // Then
    assertThat(asked.headers().get("authorization")).contains("spare");
  }

  /** The call that a probe makes after its free one. */
  private LedgerEntry asked(HoldKey hold) {
    int before = provider.ledger().entries().size();
    probes.probe(hold);
    await().until(() -> provider.ledger().entries().size() == before + 2);
    return provider.ledger().entries().getLast();
  }
}
