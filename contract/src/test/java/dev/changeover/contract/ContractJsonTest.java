package dev.changeover.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.testkit.Goldens;
import dev.changeover.testkit.Seeds;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ContractJsonTest {
  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
  private static final ObjectName ANTHROPIC = ObjectName.parse("default/anthropic");
  private static final ObjectName OPENAI = ObjectName.parse("default/openai");
  private static final KeyRef KEY = KeyRef.of("main", "uid-1", new ApiKey("sk-canary-key"));
  private static final FleetConfig FLEET = fleet();
  private static final HoldSet HOLDS =
      HoldSet.EMPTY
          .held(
              new HoldKey.OfProvider(ANTHROPIC),
              new Hold(
                  Reason.ACCOUNT_DISABLED,
                  NOW,
                  Optional.empty(),
                  0,
                  new Evidence(
                      400,
                      "invalid_request_error",
                      "",
                      "anthropic-organization-disabled",
                      "The account is disabled."),
                  "f00d"))
          .lifted(new HoldKey.OfModel(OPENAI, "gpt-4o"), NOW);
  private static final Credentials CREDENTIALS =
      Credentials.of(Map.of(KEY.keyId(), new ApiKey("sk-canary-key")));

  /** Each message and document, in the file that shows its wire form. */
  private static Map<String, Object> documents() {
    Map<String, Object> documents = new TreeMap<>();
    documents.put("fleet-config", FLEET);
    documents.put("holds", HOLDS);
    documents.put("message-holds", new ChannelMessage.Holds(NOW, HOLDS));
    documents.put("message-own-holds", new ChannelMessage.OwnHolds(NOW, HoldSet.EMPTY));
    documents.put("message-probe", new ChannelMessage.Probe(HOLDS.entries().firstKey()));
    documents.put("message-ping", new ChannelMessage.Ping(NOW));
    documents.put(
        "message-ping-leader", new ChannelMessage.Ping(NOW, Optional.of(new Revision(3, 7))));
    documents.put(
        "message-hello",
        new ChannelMessage.Hello(ContractVersion.CURRENT, "gateway-0", new Revision(3, 14)));
    documents.put(
        "message-applied",
        new ChannelMessage.Applied(
            new Revision(3, 15),
            List.of(new UnusableObject(UnusableObject.Kind.LlmRoute, OPENAI, "no such strategy"))));
    documents.put(
        "message-rejected",
        new ChannelMessage.Rejected(new Revision(4, 0), "contract version 2.0"));
    documents.put("message-figures", figures());
    return documents;
  }

  @TestFactory
  Stream<DynamicTest> everyDocumentHasItsCommittedForm() {
    return documents().entrySet().stream()
        .map(document ->
            DynamicTest.dynamicTest(
                document.getKey(),
                () ->
                    Goldens.compare(
                        Path.of("src/test/resources/contract", document.getKey() + ".json"),
                        ContractJson.writePretty(document.getValue()))));
  }

  @TestFactory
  Stream<DynamicTest> everyMessageIsReadAsItWasWritten() {
    List<ChannelMessage> messages = new ArrayList<>();
    documents()
        .values()
        .forEach(v -> {
          if (v instanceof ChannelMessage m) messages.add(m);
        });
    messages.add(
        new ChannelMessage.Config(new Revision(3, 15), ContractJson.tree(FLEET), CREDENTIALS));
    return messages.stream()
        .map(message ->
            DynamicTest.dynamicTest(
                message.getClass().getSimpleName(),
                () -> assertThat(ChannelMessage.parse(message.text())).isEqualTo(message)));
  }

  @Test
  void aFleetIsReadAsItWasWritten() {
    assertThat(ContractJson.readFleet(ContractJson.tree(FLEET)))
        .isEqualTo(new FleetReading.Understood(FLEET, List.of()));
  }

  @Test
  void equalFleetsAreEqualBytesInAnyOrder() {
    FleetConfig reversed =
        new FleetConfig(
            FLEET.contract(),
            FLEET.defaultNamespace(),
            FLEET.providers().reversed(),
            FLEET.routes().reversed());
    assertThat(ContractJson.write(reversed)).isEqualTo(ContractJson.write(FLEET));
  }

  @Test
  void absentFieldsHaveTheirDefaults() {
    // Given
    JsonNode document =
        ContractJson.parse(
            """
            {"contract": "1.0",
             "providers": [{"name": "default/vllm", "type": "OpenAICompatible",
                            "baseUrl": "http://127.0.0.1:8000/v1", "timeouts": {"idle": "PT5S"}}],
             "routes": [{"name": "default/assistant", "models": ["assistant"],
                         "targets": [{"state": "Usable", "name": "vllm/llama",
                                      "provider": "default/vllm", "model": "llama"}]}]}
            """);
    // When
    FleetConfig config = understood(document).config();
    // Then
    ProviderConfig provider = config.providers().getFirst();
    assertThat(provider.timeouts())
        .isEqualTo(
            new Timeouts(
                Timeouts.DEFAULT.connect(),
                Timeouts.DEFAULT.firstToken(),
                Duration.ofSeconds(5),
                Timeouts.DEFAULT.answer(),
                Timeouts.DEFAULT.total()));
    assertThat(provider.health()).isEqualTo(HealthPolicy.DEFAULT);
    assertThat(config.routes().getFirst().attempts()).isEqualTo(Attempts.DEFAULT);
  }

  @Test
  void whatCannotBeReadIsNamedAndHarmsNothingElse() {
    // Given
    ObjectNode document = ContractJson.tree(FLEET).deepCopy();
    ((ObjectNode) document.withArray("providers").get(0)).put("type", "FromTheFuture");
    ((ObjectNode) document.withArray("routes").get(0)).put("strategy", "FromTheFuture");
    // When
    FleetReading.Understood understood = understood(document);
    // Then
    assertThat(understood.unusable())
        .extracting(UnusableObject::kind)
        .containsExactly(UnusableObject.Kind.LlmProvider, UnusableObject.Kind.LlmRoute);
    assertThat(understood.config().providers()).containsExactly(FLEET.providers().get(1));
    assertThat(understood.config().routes().getFirst().models())
        .isEqualTo(FLEET.routes().getFirst().models());
    assertThat(understood.config().routes().getFirst().targets()).isEmpty();
  }

  @Test
  void aRouteWithTwoUsableTargetsOfOneNameIsNamedAndHarmsNothingElse() {
    // Given
    ObjectNode document = ContractJson.tree(FLEET).deepCopy();
    ArrayNode targets = document.withArray("routes").get(0).withArray("targets");
    targets.add(targets.get(0).deepCopy());
    // When
    FleetReading.Understood understood = understood(document);
    // Then
    assertThat(understood.unusable())
        .singleElement()
        .satisfies(unusable -> assertThat(unusable.message()).contains("the same name"));
    assertThat(understood.config().providers()).isEqualTo(FLEET.providers());
    assertThat(understood.config().routes()).hasSameSizeAs(FLEET.routes());
  }

  @Test
  void anotherMajorVersionIsRefusedAsAWhole() {
    ObjectNode document = ContractJson.tree(FLEET).deepCopy();
    document.put("contract", "2.0");
    assertThat(ContractJson.readFleet(document)).isInstanceOf(FleetReading.Refused.class);
  }

  @Test
  void aNewerMinorVersionWithUnknownFieldsIsRead() {
    ObjectNode document = ContractJson.tree(FLEET).deepCopy();
    document.put("contract", "1.9");
    document.put("fromTheFuture", true);
    ((ObjectNode) document.withArray("providers").get(0)).put("fromTheFuture", true);
    assertThat(understood(document).unusable()).isEmpty();
    assertThat(understood(document).config().providers()).isEqualTo(FLEET.providers());
  }

  /** Whatever one field of one object becomes, nothing throws and every other object is there. */
  @Test
  void anyBrokenFieldHarmsOnlyItsObject() {
    List<JsonNode> wild =
        List.of(
            ContractJson.parse("null"),
            ContractJson.parse("-7"),
            ContractJson.parse("\"\\u0000\""),
            ContractJson.parse("[[]]"),
            ContractJson.parse("{\"a\":{}}"));
    Seeds.forEach(
        500,
        random -> {
          ObjectNode document = ContractJson.tree(FLEET).deepCopy();
          ObjectNode provider = (ObjectNode) document.withArray("providers").get(0);
          List<String> fields = new ArrayList<>();
          provider.fieldNames().forEachRemaining(fields::add);
          provider.set(
              fields.get(random.nextInt(fields.size())), wild.get(random.nextInt(wild.size())));
          FleetConfig config = understood(document).config();
          assertThat(config.providers()).contains(FLEET.providers().get(1));
          assertThat(config.routes()).isEqualTo(FLEET.routes());
        });
  }

  @Test
  void noTextButTheOneWithKeysHoldsAKey() {
    String message =
        new ChannelMessage.Config(new Revision(1, 1), ContractJson.tree(FLEET), CREDENTIALS).text();
    assertThat(message).contains("sk-canary-key");
    assertThat(CREDENTIALS.toString()).doesNotContain("canary");
    assertThat(ContractJson.write(FLEET)).doesNotContain("canary");
    assertThatThrownBy(() -> ContractJson.write(CREDENTIALS))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aRefusedTextIsNotQuoted() {
    assertThatThrownBy(() ->
            ChannelMessage.parse("{\"message\":\"Config\",\"credentials\":\"sk-canary-key\"}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at credentials")
        .hasMessageNotContaining("canary")
        .hasNoCause();
  }

  @Test
  void aBundleIsReadAsItWasWrittenAndADamagedOneIsRefused() {
    Bundle bundle = new Bundle(new Revision(2, 7), ContractJson.tree(FLEET), CREDENTIALS, HOLDS);
    Map<String, byte[]> files = bundle.encode();
    assertThat(Bundle.decode(files)).isEqualTo(bundle);
    assertThat(bundle.encode().get(Bundle.DIGEST)).isEqualTo(files.get(Bundle.DIGEST));

    byte[] damaged = Objects.requireNonNull(files.get(Bundle.DOCUMENT));
    damaged[40] ^= 1;
    assertThatThrownBy(() -> Bundle.decode(files)).hasMessageContaining("does not match");
    assertThatThrownBy(() -> Bundle.decode(Map.of())).hasMessageContaining("missing");
  }

  private static FleetReading.Understood understood(JsonNode document) {
    return (FleetReading.Understood) ContractJson.readFleet(document);
  }

  private static FleetConfig fleet() {
    ProviderConfig anthropic =
        new ProviderConfig(
            ANTHROPIC,
            ProviderType.ANTHROPIC,
            URI.create("https://api.anthropic.com"),
            "f00d",
            List.of(KEY),
            new TreeMap<>(),
            Optional.empty(),
            List.of(
                new ModelFacts(
                    "claude-sonnet-4-5", OptionalInt.of(200_000), OptionalInt.of(64_000), true)),
            Timeouts.DEFAULT,
            HealthPolicy.DEFAULT,
            Mode.ACTIVE);
    ProviderConfig openai =
        new ProviderConfig(
            OPENAI,
            ProviderType.OPENAI,
            URI.create("https://api.openai.com/v1"),
            "beef",
            List.of(),
            new TreeMap<>(Map.of("OpenAI-Organization", "org-1")),
            Optional.empty(),
            List.of(),
            Timeouts.DEFAULT,
            HealthPolicy.DEFAULT,
            Mode.DRAINED);
    RouteConfig route =
        new RouteConfig(
            ObjectName.parse("default/assistant"),
            List.of("assistant", "gpt-4*"),
            Strategy.PRIORITY,
            List.of(
                new TargetConfig.Usable(
                    "anthropic/claude-sonnet-4-5", ANTHROPIC, "claude-sonnet-4-5", Overrides.NONE),
                new TargetConfig.Usable(
                    "openai/gpt-4o",
                    OPENAI,
                    "gpt-4o",
                    new Overrides(
                        OptionalDouble.of(0.5),
                        OptionalDouble.empty(),
                        OptionalInt.of(2000),
                        List.of("END"),
                        Optional.empty(),
                        Optional.of("Be brief."))),
                new TargetConfig.Unusable(
                    "spare",
                    ObjectName.parse("default/spare"),
                    "llama",
                    "ProviderNotFound",
                    "LlmProvider default/spare does not exist")),
            Attempts.DEFAULT,
            Mode.ACTIVE);
    return new FleetConfig(
        ContractVersion.CURRENT, "default", List.of(openai, anthropic), List.of(route));
  }

  private static ChannelMessage.Figures figures() {
    List<Long> counts = new ArrayList<>();
    for (int i = 0; i <= TargetFigures.BUCKETS_SECONDS.size(); i++) {
      counts.add((long) i);
    }
    return new ChannelMessage.Figures(
        List.of(
            new TargetFigures(
                ANTHROPIC,
                "claude-sonnet-4-5",
                20,
                new TreeMap<>(Map.of(Reason.ACCOUNT_DISABLED, 3L)),
                new TreeMap<>(Map.of(Reason.BAD_REQUEST, 1L)),
                counts,
                counts,
                1_000,
                500,
                Optional.of(NOW))),
        List.of(
            new RouteFigures(
                ObjectName.parse("default/assistant"),
                20,
                3,
                Optional.of(NOW),
                Optional.of("openai/gpt-4o"))));
  }

  @Test
  void aKeyIsAStringAndNothingElse() {
    for (String odd : List.of("1", "true", "null", "[\"sk-canary\"]", "{\"key\":\"sk-canary\"}")) {
      assertThatThrownBy(
              () -> ContractJson.read("{\"keys\":{\"one/main\":" + odd + "}}", Credentials.class))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("no readable Credentials at keys.one/main");
    }
  }
}
