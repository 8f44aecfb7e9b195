package dev.changeover.local.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.changeover.contract.Bundle;
import dev.changeover.contract.Credentials;
import dev.changeover.contract.Evidence;
import dev.changeover.contract.Hold;
import dev.changeover.contract.HoldKey;
import dev.changeover.contract.HoldSet;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.Reason;
import dev.changeover.contract.Revision;
import dev.changeover.crds.LlmProvider;
import dev.changeover.crds.LlmProviderStatus;
import dev.changeover.gateway.Gateway;
import dev.changeover.gateway.http.ApiServer;
import dev.changeover.operator.Operator;
import dev.changeover.operator.publish.DurableCopy;
import dev.changeover.testkit.provider.ProviderSettings;
import dev.changeover.testkit.provider.SimulatedProvider;
import dev.changeover.testkit.provider.VendorReplies;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A ban that is over, found out by a probe that the operator sends to one gateway. */
final class ProbeIT {
  private static final HoldKey BANNED = new HoldKey.OfProvider(new ObjectName("default", "acme"));
  private static final String KEY = "key-of-acme-0001";

  /** The first probe is due 15 minutes after the ban: that long ago, but for this. */
  private static final Duration UNTIL_PROBE = ofSeconds(15);

  private final SimulatedProvider acme =
      SimulatedProvider.start(ProviderSettings.of("acme", System::nanoTime).withKey("main", KEY));
  private final EmbeddedApiServer server = EmbeddedApiServer.start();
  private final KubernetesClient client = server.client();
  private final Operator operator;
  private final Gateway first;
  private final Gateway second;

  ProbeIT() throws IOException {
    apply(
        """
        apiVersion: changeover.dev/v1alpha1
        kind: LlmProvider
        metadata: {name: acme, namespace: default}
        spec:
          type: Anthropic
          baseUrl: %s
          credentials: [{name: main, secretKeyRef: {name: keys, key: acme}}]
        """
            .formatted(acme.anthropicBaseUrl()));
    apply(
        """
        apiVersion: changeover.dev/v1alpha1
        kind: LlmRoute
        metadata: {name: assistant, namespace: default}
        spec:
          models: [assistant]
          targets: [{providerRef: {name: acme}, model: claude-sonnet-4-5}]
        """);
    String key = Base64.getEncoder().encodeToString(KEY.getBytes(US_ASCII));
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("keys")
                .withNamespace("default")
                .endMetadata()
                .withData(Map.of("acme", key))
                .build())
        .create();
    anEarlierLeaderKnewOfTheBan();
    operator =
        Operator.start(
            Operator.Settings.local("default"),
            new Operator.Surroundings(client, InstantSource.system(), System::nanoTime),
            Optional.empty(),
            _ -> {});
    first = gateway("first");
    second = gateway("second");
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
    operator.close();
    client.close();
    server.close();
    acme.close();
  }

  @Test
  void oneProbeThatSucceedsEndsTheBanEverywhere() throws Exception {
    acme.ban(VendorReplies.anthropicOrganizationDisabled());
    await().atMost(UNTIL_PROBE).until(() -> isHeldBy(first) && isHeldBy(second));
    await().atMost(UNTIL_PROBE).until(() -> "Banned".equals(status().state()));
    assertThat(acme.ledger().received()).as("no user's request is a probe").isZero();
    acme.unban();
    await().atMost(ofSeconds(20)).until(() -> !isHeldBy(first) && !isHeldBy(second));
    assertThat(acme.ledger().received()).as("one free call, one of a token").isEqualTo(2);
    assertThat(List.of(asked(first), asked(second))).containsOnly(200);
    await().atMost(ofSeconds(20)).until(() -> "Available".equals(status().state()));
    assertThat(status().holds()).isEmpty();
  }

  private void anEarlierLeaderKnewOfTheBan() {
    var ban =
        new Hold(
            Reason.ACCOUNT_DISABLED,
            Instant.now().minus(Duration.ofMinutes(15)).plus(UNTIL_PROBE),
            Optional.empty(),
            0,
            new Evidence(403, "permission_error", "", "rule", "The organization is disabled."),
            "");
    var copy = new DurableCopy(client, "default", InstantSource.system(), _ -> {});
    copy.lead(Revision.NONE);
    copy.keep(
        new Bundle(
            new Revision(copy.epoch(), 1),
            JsonNodeFactory.instance.objectNode(),
            Credentials.NONE,
            HoldSet.EMPTY.held(BANNED, ban)));
  }

  private Gateway gateway(String name) throws IOException {
    return Gateway.start(
        new Gateway.Settings(
            name,
            new ApiServer.Listen("127.0.0.1", 0),
            Optional.empty(),
            Optional.empty(),
            List.of(URI.create("http://127.0.0.1:" + operator.controlPort())),
            Duration.ZERO,
            ofSeconds(3),
            "dev"),
        new Gateway.Surroundings(
            InstantSource.system(), System::nanoTime, new Random(name.hashCode())));
  }

  private static boolean isHeldBy(Gateway gateway) {
    return gateway.health().fleetHolds().inForce(BANNED, Instant.now()).isPresent();
  }

  private static int asked(Gateway gateway) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + gateway.port() + "/v1/chat/completions"))
              .header("Content-Type", "application/json")
              .timeout(ofSeconds(20))
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      """
                      {"model": "assistant", "messages": [{"role": "user", "content": "Hello."}]}
                      """))
              .build();
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }

  private LlmProviderStatus status() {
    LlmProviderStatus status =
        client
            .resources(LlmProvider.class)
            .inNamespace("default")
            .withName("acme")
            .get()
            .getStatus();
    return status == null ? LlmProviderStatus.builder().build() : status;
  }

  private void apply(String yaml) {
    client.resource(Serialization.unmarshal(yaml, GenericKubernetesResource.class)).create();
  }
}
