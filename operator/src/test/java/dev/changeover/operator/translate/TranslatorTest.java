package dev.changeover.operator.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.contract.ContractJson;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.RouteConfig;
import dev.changeover.operator.World;
import dev.changeover.operator.compile.FleetModelToFleetConfig;
import dev.changeover.operator.model.ClusterView;
import dev.changeover.operator.model.ProviderResource;
import dev.changeover.operator.model.RouteResource;
import dev.changeover.operator.model.SecretView;
import dev.changeover.testkit.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class TranslatorTest {
  private static final Translator TRANSLATOR = new Translator(Origins.PUBLIC, "default");

  private static final String FLEET =
      """
      kind: LlmProvider
      metadata: {name: one}
      spec:
        type: Anthropic
        credentials: [{name: main, secretKeyRef: {name: one, key: api-key}}]
        headers: {X-Team: ml}
        models: [{name: m, contextWindow: 1000, maxOutputTokens: 100}]
        timeouts: {connect: 1s, firstToken: 30s, idle: 20s, answer: 2m, total: 10m}
        health: {failureRate: {percent: 50, window: 30s, minimum: 10}, banProbe: Auto}
        alerts: {successRateBelow: 95, for: 5m, labels: {team: ml}}
        allowedNamespaces: {from: All}
      ---
      kind: LlmProvider
      metadata: {name: two}
      spec:
        type: OpenAI
        credentials: [{name: main, secretKeyRef: {name: two, key: api-key}}]
      ---
      kind: LlmRoute
      metadata: {name: first}
      spec:
        models: [a]
        targets:
        - {providerRef: {name: one}, model: m, overrides: {temperature: 0.5, system: {append: x}}}
        attempts: {max: 4, deadline: 10m, waitOut: 0s}
      ---
      kind: LlmRoute
      metadata: {name: second}
      spec:
        models: [b]
        targets: [{providerRef: {name: two}, model: n}]
      ---
      kind: Secret
      metadata: {name: one}
      stringData: {api-key: sk-one}
      ---
      kind: Secret
      metadata: {name: two}
      stringData: {api-key: sk-two}
      """;

  @Test
  void aSecretThatCannotBeReadIsSaidToBeThat() {
    ClusterView read = World.view(FLEET, List.of());
    ClusterView view =
        ClusterView.of(
            read.providers(),
            read.routes(),
            List.of(SecretView.unreadable(new ObjectName("default", "one"), "status 403")),
            List.of(),
            read.monitoringApi());
    assertThat(TRANSLATOR.translate(view).problems())
        .extracting(problem -> problem.reason() + ": " + problem.message())
        .contains(
            "SecretUnreadable: credential main: Secret one in namespace default cannot be read:"
                + " status 403");
  }

  @Test
  void anyOrderOfReadingGivesTheSameBytes() {
    // Given
    ClusterView view = World.view(FLEET, List.of());
    String expected = bytes(view);
    Seeds.forEach(
        200,
        random -> {
          // When
          List<ProviderResource> providers = shuffled(view.providers(), random);
          List<RouteResource> routes = shuffled(view.routes(), random);
          List<SecretView> secrets = shuffled(List.copyOf(view.secrets().values()), random);
          ClusterView other =
              ClusterView.of(providers, routes, secrets, List.of(), view.monitoringApi());
          // Then
          assertThat(bytes(other)).isEqualTo(expected);
        });
  }

  @Test
  void oneBadResourceChangesOnlyItsOwnRoutes() {
    // Given
    Map<ObjectName, RouteConfig> well = routes(FLEET);
    Seeds.forEach(
        2000,
        random -> {
          // When: one field of the first provider or of the first route is poisoned
          boolean provider = random.nextBoolean();
          String poisoned = poisoned(provider ? "one" : "first", random);
          Map<ObjectName, RouteConfig> ill = routes(poisoned);
          // Then
          assertThat(ill).as(poisoned).containsEntry(name("second"), well.get(name("second")));
        });
  }

  @Test
  void aRotatedKeyIsAnotherKeyAndAnotherFingerprint() {
    // When
    var before = TRANSLATOR.translate(World.view(FLEET, List.of())).model();
    var after =
        TRANSLATOR.translate(World.view(FLEET.replace("sk-one", "sk-new"), List.of())).model();
    // Then
    ObjectName one = name("one");
    assertThat(after.provider(one).orElseThrow().config().keys())
        .isNotEqualTo(before.provider(one).orElseThrow().config().keys());
    assertThat(after.provider(one).orElseThrow().fingerprint())
        .isNotEqualTo(before.provider(one).orElseThrow().fingerprint());
  }

  @Test
  void aKeyIsInTheCredentialsAndNowhereElse() {
    // When
    var translation = TRANSLATOR.translate(World.view(FLEET, List.of()));
    var compiled = FleetModelToFleetConfig.compile(translation.model());
    // Then
    assertThat(ContractJson.writePretty(compiled.config())).doesNotContain("sk-one");
    assertThat(translation.toString() + compiled).doesNotContain("sk-one");
    assertThat(compiled.credentials().keys()).hasSize(2);
  }

  @Test
  void aLineBreakAfterAKeyIsNoPartOfIt() {
    // When
    String secret = FLEET.replace("api-key: sk-one", "api-key: \"sk-one\\n\"");
    // Then
    assertThat(bytes(World.view(secret, List.of()))).isEqualTo(bytes(World.view(FLEET, List.of())));
  }

  private static String bytes(ClusterView view) {
    return ContractJson.writeWithKeys(
        FleetModelToFleetConfig.compile(TRANSLATOR.translate(view).model()));
  }

  private static Map<ObjectName, RouteConfig> routes(String yaml) {
    return new TreeMap<>(TRANSLATOR.translate(World.view(yaml, List.of())).model().routes());
  }

  private static <T> List<T> shuffled(List<T> list, Random random) {
    List<T> copy = new ArrayList<>(list);
    Collections.shuffle(copy, random);
    return copy;
  }

  private static ObjectName name(String name) {
    return new ObjectName("default", name);
  }

  private static String poisoned(String name, Random random) throws JsonProcessingException {
    StringBuilder yaml = new StringBuilder();
    for (JsonNode document : World.documents(FLEET)) {
      String kind = document.path("kind").asText();
      if (document.at("/metadata/name").asText().equals(name) && !kind.equals("Secret")) {
        poison(document.path("spec"), random);
      }
      yaml.append(World.YAML.writeValueAsString(document));
    }
    return yaml.toString();
  }

  /** Walks down by chance and puts something else where it stops; model names stay. */
  private static void poison(JsonNode node, Random random) {
    List<ObjectNode> objects = new ArrayList<>();
    objects.add((ObjectNode) node);
    node.findParents("name").forEach(parent -> objects.add((ObjectNode) parent));
    node.forEach(child -> {
      if (child instanceof ObjectNode object) {
        objects.add(object);
      }
    });
    ObjectNode object = objects.get(random.nextInt(objects.size()));
    List<String> fields = new ArrayList<>();
    object.fieldNames().forEachRemaining(fields::add);
    fields.remove("models");
    String field = fields.get(random.nextInt(fields.size()));
    switch (random.nextInt(9)) {
      case 0 -> object.put(field, "");
      case 1 -> object.put(field, -1);
      case 2 -> object.put(field, Long.MAX_VALUE);
      case 3 -> object.putNull(field);
      case 4 -> object.remove(field);
      case 5 -> object.putArray(field).addNull();
      case 6 -> object.putObject(field).put("x", "y");
      case 7 -> object.put(field, "a/b c\u0000*");
      default -> object.put(field, 0.5);
    }
  }
}
