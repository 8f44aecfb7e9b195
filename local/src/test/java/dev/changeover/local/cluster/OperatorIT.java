package dev.changeover.local.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.contract.Bundle;
import dev.changeover.contract.Evidence;
import dev.changeover.contract.Hold;
import dev.changeover.contract.HoldKey;
import dev.changeover.contract.HoldSet;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.Reason;
import dev.changeover.contract.TargetConfig;
import dev.changeover.crds.LlmProvider;
import dev.changeover.crds.LlmRoute;
import dev.changeover.crds.StatusCondition;
import dev.changeover.operator.Operator;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operator on an API server, with gateways on its channel. */
final class OperatorIT {
  private static final ObjectName ACME = new ObjectName("default", "acme");
  private static final HoldKey WHOLE_ACME = new HoldKey.OfProvider(ACME);
  private static final String KEY = "sk-canary-0123456789";

  private final EmbeddedApiServer server = EmbeddedApiServer.start();
  private final KubernetesClient client = server.client();
  private final List<Long> deposed = new CopyOnWriteArrayList<>();
  private Operator operator;
  private TestGateway first;
  private TestGateway second;

  OperatorIT() {
    secret("acme", KEY);
    provider("acme");
    provider("spare");
    route();
    operator = operator(0);
    first = new TestGateway("first", operator.controlPort());
    second = new TestGateway("second", operator.controlPort());
  }

  @BeforeEach
  void everythingIsProgrammed() {
    await()
        .atMost(ofSeconds(20))
        .untilAsserted(() -> {
          assertThat(condition(provider(), "Ready")).isEqualTo("True");
          assertThat(condition(provider(), "Programmed")).isEqualTo("True");
          assertThat(first.table().revision()).isEqualTo(second.table().revision());
        });
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
    operator.close();
    client.close();
    server.close();
  }

  @Test
  void whatIsAppliedReachesEveryGatewayAndStatusSaysSo() {
    assertThat(first.table().config().providers()).hasSize(2);
    assertThat(first.table().provider(ACME)).isPresent();
    assertThat(second.table().config().routes().getFirst().targets())
        .allMatch(TargetConfig.Usable.class::isInstance);
    assertThat(first.table().credentials().keys()).hasSize(2);
    LlmRoute route =
        client.resources(LlmRoute.class).inNamespace("default").withName("assistant").get();
    assertThat(condition(route.getStatus().conditions(), "Ready")).isEqualTo("True");
    await()
        .untilAsserted(() ->
            assertThat(
                    client.resources(PrometheusRule.class).inNamespace("default").list().getItems())
                .extracting(rule -> rule.getMetadata().getName())
                .contains(
                    "changeover-provider-acme", "changeover-provider-spare", "changeover-routes"));
    assertThat(operator.ready()).isTrue();
    assertThat(operator.metrics())
        .contains(
            "changeover_build_info{component=\"operator\"",
            "changeover_operator_leader 1",
            "changeover_gateways{state=\"Current\"} 2",
            "changeover_config_delay_seconds_count",
            "changeover_passes_total{result=\"done\"}",
            "changeover_writes_total{result=\"done\"}",
            "changeover_resource_state{kind=\"LlmProvider\",name=\"acme\"")
        .doesNotContain(KEY);
  }

  @Test
  void aBanSeenByOneGatewayReachesTheOtherStatusEventsAndTheDurableCopy() {
    long start = System.nanoTime();
    first.join(banned());
    await().pollInterval(ofMillis(1)).until(() -> second.holds(WHOLE_ACME));
    assertThat(System.nanoTime() - start).isLessThan(ofMillis(500).toNanos());
    await().until(() -> "Banned".equals(provider().getStatus().state()));
    assertThat(provider().getStatus().reason()).isEqualTo("AccountDisabled");
    await()
        .untilAsserted(
            () -> assertThat(events()).extracting(Event::getReason).contains("ProviderBanned"));
    await()
        .atMost(ofSeconds(10))
        .until(() -> durable().holds().inForce(WHOLE_ACME, Instant.now()).isPresent());
    assertThat(operator.metrics())
        .contains("changeover_hold_delay_seconds_count 1")
        .contains("llm_provider_transitions_total{");
  }

  @Test
  void theClearAnnotationLiftsTheBanEverywhere() {
    first.join(banned());
    await().until(() -> "Banned".equals(provider().getStatus().state()));
    annotate("changeover.dev/clear", "now");
    await().until(() -> !first.holds(WHOLE_ACME) && !second.holds(WHOLE_ACME));
    await().until(() -> "now".equals(provider().getStatus().lastHandledClear()));
    assertThat(provider().getStatus().state()).isNotEqualTo("Banned");
  }

  @Test
  void aWorldThatStandsStillIsNotWrittenTo() {
    await().during(ofSeconds(2)).atMost(ofSeconds(20)).until(this::writesStandStill);
    long before = server.writes();
    await().during(ofSeconds(4)).atMost(ofSeconds(5)).until(() -> server.writes() == before);
  }

  private long lastWrites = -1;

  private boolean writesStandStill() {
    boolean still = server.writes() == lastWrites;
    lastWrites = server.writes();
    return still;
  }

  @Test
  void anOperatorThatStartsAgainFlipsNothingAndForgetsNothing() {
    first.join(banned());
    await().until(() -> "Banned".equals(provider().getStatus().state()));
    long epoch = first.table().revision().epoch();
    int port = operator.controlPort();
    var states = new CopyOnWriteArrayList<String>();
    try (var _ =
        client
            .resources(LlmProvider.class)
            .inNamespace("default")
            .watch(
                new Watcher<>() {
                  @Override
                  public void eventReceived(Action action, LlmProvider seen) {
                    if (seen.getMetadata().getName().equals("acme")) {
                      states.add(Objects.toString(seen.getStatus().state()));
                    }
                  }

                  @Override
                  public void onClose(WatcherException cause) {}
                })) {
      operator.close();
      second.close();
      operator = operator(port);
      second = new TestGateway("third", port);
      await().atMost(ofSeconds(15)).until(() -> second.holds(WHOLE_ACME));
      await().atMost(ofSeconds(15)).until(() -> first.table().revision().epoch() > epoch);
      await().atMost(ofSeconds(15)).until(() -> condition(provider(), "Programmed").equals("True"));
    }
    assertThat(states).allMatch("Banned"::equals);
    assertThat(provider().getStatus().state()).isEqualTo("Banned");
  }

  @Test
  void ofTwoLiveOperatorsTheOlderEndsAndNeitherBidsAgain() {
    long epoch = first.table().revision().epoch();
    var deposedBy = new CopyOnWriteArrayList<Long>();
    var here = Optional.<Supplier<Set<String>>>empty();
    try (var newer = Operator.start(settings(0), surroundings(), here, deposedBy::add);
        var _ = new TestGateway("both", operator.controlPort(), newer.controlPort())) {
      await().until(() -> deposed.equals(List.of(epoch + 1)));
      await().during(ofSeconds(2)).atMost(ofSeconds(3)).until(() -> epoch() == epoch + 1);
      assertThat(deposedBy).isEmpty();
      assertThat(operator.ready()).isFalse();
    }
  }

  @Test
  void aClearAskedForWhileTheOperatorWasDownIsObeyedOnce() {
    first.join(banned());
    await().until(() -> "Banned".equals(provider().getStatus().state()));
    int port = operator.controlPort();
    operator.close();
    annotate("changeover.dev/clear", "now");
    Supplier<Set<String>> notAllThere = () -> Set.of("first", "nobody");
    operator = Operator.start(settings(port), surroundings(), Optional.of(notAllThere), _ -> {});
    await().until(() -> !first.holds(WHOLE_ACME));
    first.join(banned());
    await().during(ofSeconds(3)).atMost(ofSeconds(4)).until(() -> first.holds(WHOLE_ACME));
  }

  private void annotate(String name, String value) {
    client
        .resources(LlmProvider.class)
        .inNamespace("default")
        .withName("acme")
        .edit(found -> {
          found.getMetadata().setAnnotations(Map.of(name, value));
          return found;
        });
  }

  private long epoch() {
    Secret secret = client.secrets().inNamespace("changeover").withName("changeover-config").get();
    return Long.parseLong(secret.getMetadata().getAnnotations().get("changeover.dev/epoch"));
  }

  @Test
  void noResourceCanStopTheOperator() {
    for (String spec :
        List.of(
            "{}",
            "[]",
            "7",
            "\"text\"",
            "null",
            "{\"type\": 3}",
            "{\"credentials\": {}}",
            """
            {"type": "Anthropic",
             "credentials": [{"name": "main", "secretKeyRef": {"name": "a/b c*", "key": "k"}}]}
            """)) {
      wild("LlmProvider", "wild-" + Integer.toHexString(spec.hashCode()), spec);
      wild("LlmRoute", "wild-" + Integer.toHexString(spec.hashCode()), spec);
    }
    await()
        .atMost(ofSeconds(10))
        .untilAsserted(() ->
            assertThat(client.resources(LlmProvider.class).inNamespace("default").list().getItems())
                .filteredOn(found -> found.getMetadata().getName().startsWith("wild"))
                .hasSize(8)
                .allMatch(found ->
                    found.getStatus() != null && "Invalid".equals(found.getStatus().state())));
    provider("late");
    await()
        .atMost(ofSeconds(10))
        .until(() -> first.table().provider(new ObjectName("default", "late")).isPresent());
    assertThat(operator.ready()).isTrue();
  }

  @Test
  void aChangedSecretCountsAtOnceAndADeletedOneAfterAWhile() {
    String before = keyId();
    secret("acme", "sk-another-0123456789");
    await().atMost(ofSeconds(3)).until(() -> !keyId().equals(before));
    client.secrets().inNamespace("default").withName("acme").delete();
    await().during(ofSeconds(3)).atMost(ofSeconds(4)).until(() -> !keyId().isEmpty());
    await()
        .atMost(ofSeconds(8))
        .untilAsserted(() -> assertThat(condition(provider(), "ResolvedRefs")).isEqualTo("False"));
    assertThat(first.table().provider(ACME)).isEmpty();
  }

  @Test
  void aReferenceThatMovesIsFollowed() {
    String before = keyId();
    secret("moved", "sk-moved-0123456789");
    client
        .resource(
            Serialization.unmarshal(
                PROVIDER.formatted("acme", "acme").replace("name: acme, key", "name: moved, key"),
                GenericKubernetesResource.class))
        .serverSideApply();
    await().atMost(ofSeconds(5)).until(() -> !keyId().equals(before));
    String moved = keyId();
    secret("moved", "sk-moved-again-0123456789");
    await().atMost(ofSeconds(3)).until(() -> !keyId().equals(moved));
  }

  @Test
  void aDeletedProviderLeavesTheConfigurationAndItsRulesGo() {
    client.resources(LlmProvider.class).inNamespace("default").withName("spare").delete();
    await().until(() -> first.table().config().providers().size() == 1);
    await()
        .untilAsserted(() ->
            assertThat(
                    client.resources(PrometheusRule.class).inNamespace("default").list().getItems())
                .extracting(rule -> rule.getMetadata().getName())
                .doesNotContain("changeover-provider-spare"));
  }

  @Test
  void theDurableCopyIsMadeAgainWhenSomebodyDeletesIt() {
    client.secrets().inNamespace("changeover").withName("changeover-config").delete();
    await()
        .ignoreExceptions()
        .atMost(ofSeconds(12))
        .until(() -> durable().fleet().path("providers").size() == 2);
  }

  private String keyId() {
    return first.table().provider(ACME).map(acme -> acme.keys().getFirst().keyId()).orElse("");
  }

  private Operator operator(int port) {
    return Operator.start(settings(port), surroundings(), Optional.empty(), deposed::add);
  }

  private static Operator.Settings settings(int port) {
    Operator.Settings local = Operator.Settings.local("changeover");
    return new Operator.Settings(
        local.releaseNamespace(),
        local.watchNamespaces(),
        local.host(),
        port,
        local.origins(),
        local.monitoring(),
        local.alerts(),
        local.instance(),
        local.admitting(),
        local.gatewayService());
  }

  private Operator.Surroundings surroundings() {
    return new Operator.Surroundings(client, InstantSource.system(), System::nanoTime);
  }

  private static HoldSet banned() {
    return HoldSet.EMPTY.held(
        WHOLE_ACME,
        new Hold(
            Reason.ACCOUNT_DISABLED,
            Instant.now(),
            Optional.empty(),
            0,
            new Evidence(403, "permission_error", "", "rule", "The organization is disabled."),
            ""));
  }

  private LlmProvider provider() {
    return client.resources(LlmProvider.class).inNamespace("default").withName("acme").get();
  }

  private List<Event> events() {
    return client.events().v1().events().inNamespace("default").list().getItems();
  }

  private Bundle durable() {
    Secret secret = client.secrets().inNamespace("changeover").withName("changeover-config").get();
    Map<String, byte[]> files = new TreeMap<>();
    secret.getData().forEach((name, value) -> files.put(name, Base64.getDecoder().decode(value)));
    return Bundle.decode(files);
  }

  private static String condition(LlmProvider provider, String type) {
    return provider.getStatus() == null
        ? "none"
        : condition(provider.getStatus().conditions(), type);
  }

  private static String condition(List<StatusCondition> conditions, String type) {
    return conditions.stream()
        .filter(condition -> condition.type().equals(type))
        .map(StatusCondition::status)
        .findFirst()
        .orElse("none");
  }

  private void secret(String name, String key) {
    Secret secret =
        new SecretBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace("default")
            .endMetadata()
            .withData(Map.of("api-key", Base64.getEncoder().encodeToString(key.getBytes(US_ASCII))))
            .build();
    client.resource(secret).serverSideApply();
  }

  private static final String PROVIDER =
      """
      apiVersion: changeover.dev/v1alpha1
      kind: LlmProvider
      metadata: {name: %s, namespace: default}
      spec:
        type: Anthropic
        baseUrl: http://127.0.0.1:9/
        credentials:
        - {name: main, secretKeyRef: {name: %s, key: api-key}}
      """;

  private void provider(String name) {
    client
        .resource(
            Serialization.unmarshal(
                PROVIDER.formatted(name, "acme"), GenericKubernetesResource.class))
        .create();
  }

  private void route() {
    client
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: changeover.dev/v1alpha1
                kind: LlmRoute
                metadata: {name: assistant, namespace: default}
                spec:
                  models: [assistant]
                  targets:
                  - {providerRef: {name: acme}, model: claude-sonnet-4-5}
                  - {providerRef: {name: spare}, model: claude-sonnet-4-5}
                """,
                GenericKubernetesResource.class))
        .create();
  }

  private void wild(String kind, String name, String spec) {
    client
        .resource(
            Serialization.unmarshal(
                """
                {"apiVersion": "changeover.dev/v1alpha1", "kind": "%s",
                 "metadata": {"name": "%s", "namespace": "default"}, "spec": %s}
                """
                    .formatted(kind, name, spec),
                GenericKubernetesResource.class))
        .create();
  }
}
