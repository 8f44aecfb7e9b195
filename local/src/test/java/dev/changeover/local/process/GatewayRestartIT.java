package dev.changeover.local.process;

import static dev.changeover.local.process.ProcessFleet.MODEL;
import static dev.changeover.local.process.ProcessFleet.SETTLED_MAX;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.contract.Bundle;
import dev.changeover.contract.HoldKey;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.Revision;
import dev.changeover.gateway.GatewayMain;
import dev.changeover.testkit.client.ChatCall;
import dev.changeover.testkit.client.ChatClient;
import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.process.GatewayProcess;
import dev.changeover.testkit.process.MountedFolder;
import dev.changeover.testkit.process.Page;
import dev.changeover.testkit.process.SteadyTraffic;
import dev.changeover.testkit.provider.Dialect;
import dev.changeover.testkit.provider.VendorReplies;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gateways as processes that have nothing but their mounted folder. */
final class GatewayRestartIT {
  private static final int A_WHILE = 200;
  private static final HoldKey WHOLE_ANTHROPIC =
      new HoldKey.OfProvider(new ObjectName("default", "anthropic"));

  @TempDir private Path folder;

  @Test
  void aGatewayStartedOnItsFolderWithoutAnyOperatorServesAndHoldsWhatWasCertain() throws Exception {
    try (var fleet = new ProcessFleet(folder, ProcessFleet.Keys.SOME, Map.of())) {
      GatewayProcess before = fleet.startGateway("gateway-before");
      fleet.awaitProgrammed(1);
      fleet.anthropic().ban(VendorReplies.anthropicOrganizationDisabled());
      assertThat(ask(before, "#ban")).isInstanceOf(Complete.class);
      await("the ban in the durable copy").atMost(SETTLED_MAX).until(() -> banIsStored(fleet));
      fleet.operator().kill();
      before.process().kill();
      int asked = fleet.anthropic().ledger().received();

      GatewayProcess dials = fleet.startGateway("gateway-dials", List.of(fleet.operatorAddress()));
      GatewayProcess alone = fleet.startGateway("gateway-alone", List.<URI>of());

      assertThat(dials.holds("anthropic", "AccountDisabled")).isTrue();
      assertThat(alone.holds("anthropic", "AccountDisabled")).isTrue();
      try (var traffic =
          SteadyTraffic.start(
              MODEL, 8, List.of(dials.origin(), alone.origin()), System::nanoTime)) {
        traffic.awaitMore(A_WHILE);
        Answers.assertNoneLost(fleet, traffic.stop());
      }
      Answers.assertNotAskedAgain(fleet.anthropic().ledger(), asked);
    }
  }

  @Test
  void brokenContentIsRefusedAndTheLastGoodOneServesOn() throws Exception {
    try (var fleet = new ProcessFleet(folder, ProcessFleet.Keys.SOME, Map.of())) {
      await().atMost(SETTLED_MAX).until(() -> fleet.mount().shown().isPresent());
      fleet.operator().kill();
      SortedMap<String, byte[]> good = fleet.mount().shown().orElseThrow().encode();
      MountedFolder own = new MountedFolder(folder.resolve("own"));
      own.show(good);
      try (GatewayProcess gateway =
          GatewayProcess.start(
              new GatewayProcess.Start(
                  GatewayMain.class,
                  "gateway",
                  folder,
                  own.path(),
                  List.of(),
                  List.of(),
                  Map.of()))) {
        await().atMost(SETTLED_MAX).until(gateway::ready);
        assertThat(ask(gateway, "#good")).isInstanceOf(Complete.class);

        own.show(Map.of(Bundle.DOCUMENT, "no gzip".getBytes(US_ASCII), Bundle.DIGEST, new byte[0]));
        gateway.process().awaitWritten(refusal("does not match"));
        assertThat(ask(gateway, "#damaged")).isInstanceOf(Complete.class);

        own.show(Map.of("config.json", "{\"providers\": [".getBytes(US_ASCII)));
        gateway.process().awaitWritten(refusal("config.json"));
        assertThat(ask(gateway, "#half")).isInstanceOf(Complete.class);

        own.show(Map.of());
        gateway.process().awaitWritten(Pattern.compile("folder is empty"));
        assertThat(ask(gateway, "#gone")).isInstanceOf(Complete.class);
        assertThat(gateway.ready()).isTrue();

        own.show(renamed(fleet.mount().shown().orElseThrow()).encode());
        await()
            .atMost(SETTLED_MAX)
            .until(() -> Page.get(gateway.port(), "/v1/models").body().contains("renamed"));
      }
    }
  }

  /** A line of the log that says a refusal and its reason, in whichever order. */
  private static Pattern refusal(String reason) {
    return Pattern.compile("(?m)^(?=.*refused).*" + Pattern.quote(reason));
  }

  /** A newer bundle, whose route has another name for its model. */
  private static Bundle renamed(Bundle bundle) {
    JsonNode fleet = bundle.fleet().deepCopy();
    ((ObjectNode) fleet.path("routes").get(0)).putArray("models").add("renamed");
    Revision revision = bundle.revision();
    return new Bundle(
        new Revision(revision.epoch(), revision.counter() + 1),
        fleet,
        bundle.credentials(),
        bundle.holds());
  }

  private static boolean banIsStored(ProcessFleet fleet) {
    return fleet
        .mount()
        .shown()
        .flatMap(bundle -> bundle.holds().inForce(WHOLE_ANTHROPIC, Instant.now()))
        .isPresent();
  }

  private static Object ask(GatewayProcess gateway, String tag) {
    try (var client =
        new ChatClient(gateway.origin(), "", Duration.ofSeconds(20), System::nanoTime)) {
      return client.send(ChatCall.of(Dialect.ANTHROPIC, MODEL, tag, true));
    }
  }
}
