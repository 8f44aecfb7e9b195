package dev.changeover.e2e;

import static dev.changeover.e2e.Installation.SETTLED_MAX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.changeover.crds.ResourceDefinition;
import dev.changeover.e2e.Cluster.Level;
import dev.changeover.testkit.Goldens;
import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.provider.Dialect;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every field of both specs broken in turn, under an API server that takes anything: what stands in
 * a cluster may have been stored under another schema.
 */
@Tag("cluster-a")
@Tag("own-cluster")
final class PoisonedFieldsIT {
  private static final Path GOLDEN =
      Path.of(System.getProperty("basedir"), "src/test/resources/poisoned-fields.txt");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final String PROVIDER =
      """
      apiVersion: changeover.dev/v1alpha1
      kind: LlmProvider
      metadata: {name: ""}
      spec:
        type: Anthropic
        baseUrl: http://127.0.0.1:9
        credentials: [{name: main, secretKeyRef: {name: keys, key: anthropic}}]
        headers: {X-Team: ml}
        tls: {caSecretRef: {name: authority, key: ca.crt}}
        models: [{name: m, contextWindow: 1000, maxOutputTokens: 100}]
        timeouts: {connect: 1s, firstToken: 30s, idle: 20s, answer: 2m, total: 10m}
        health:
          failureRate: {percent: 50, window: 30s, minimum: 10}
          hold: {initial: 30s, max: 5m}
          banProbe: Auto
        alerts: {successRateBelow: 95, for: 5m, labels: {team: ml}}
        mode: Active
        allowedNamespaces: {from: Names, names: [team-a]}
      """;
  private static final String ROUTE =
      """
      apiVersion: changeover.dev/v1alpha1
      kind: LlmRoute
      metadata: {name: ""}
      spec:
        models: [m]
        strategy: Priority
        targets:
        - name: first
          providerRef: {name: openai}
          model: gpt-4o
          overrides: {temperature: 0.5, topP: 0.5, maxTokens: 10, stop: [x], system: {prepend: x, append: x}}
        attempts: {max: 4, deadline: 10m, waitOut: 0s}
        mode: Active
      """;

  @TempDir private Path folder;

  @Test
  void noFieldHarmsMoreThanItsOwnObject() throws IOException {
    try (Cluster cluster = Cluster.start(Level.A, "");
        var fleet = Installation.started(cluster, folder, "poison", 1)) {
      // Given
      fleet.apply(
          """
          apiVersion: v1
          kind: Secret
          metadata: {name: authority}
          data: {ca.crt: %s}
          """
              .formatted(cluster.client().getConfiguration().getCaCertData()));
      for (ResourceDefinition definition : ResourceDefinition.all()) {
        takeAnything(fleet.kubectl(), definition);
      }
      Map<String, String> poisons = new LinkedHashMap<>();
      var resources = new StringBuilder();
      for (String written : List.of(PROVIDER, ROUTE)) {
        JsonNode resource = YAML.readTree(written);
        for (JsonPointer place : places(resource.path("spec"), JsonPointer.compile("/spec"))) {
          for (JsonNode poison : poisons(resource.at(place))) {
            String name = "p%03d".formatted(poisons.size() + 1);
            poisons.put(
                resource.path("kind").asText() + "/" + name,
                place.toString().substring(1).replace('/', '.') + " = " + poison);
            resources.append(YAML.writeValueAsString(poisoned(resource, place, poison, name)));
          }
        }
      }
      // When
      fleet.kubectl().apply(resources.toString(), "--validate=false", "--server-side").ok();
      // Then
      await()
          .atMost(SETTLED_MAX)
          .untilAsserted(
              () -> assertThat(Standing.all(fleet.kubectl())).allMatch(Standing::settled));
      var table = new StringBuilder();
      for (Standing standing : Standing.all(fleet.kubectl())) {
        String poison = poisons.get(standing.resource());
        if (poison == null) {
          assertThat(standing.ready()).as(standing.complaint()).isTrue();
        } else {
          table.append(poison).append("\n  ").append(standing.complaint()).append("\n");
        }
      }
      assertThat(fleet.ask(fleet.gateway("gateway-1"), Dialect.OPENAI))
          .isInstanceOf(Complete.class);
      assertThat(fleet.operator().process().written()).doesNotContain("\"ERROR\"");
      Goldens.compare(GOLDEN, table.toString().replace(fleet.namespace(), "NAMESPACE"));
    }
  }

  private static void takeAnything(Kubectl kubectl, ResourceDefinition definition) {
    kubectl.ok(
        "patch",
        "crd",
        definition.plural() + "." + ResourceDefinition.GROUP,
        "--type=json",
        "--patch="
            + """
            [{"op": "remove", "path": "/spec/versions/0/selectableFields"},
             {"op": "replace", "path": "/spec/versions/0/schema/openAPIV3Schema/properties/spec",
              "value": {"x-kubernetes-preserve-unknown-fields": true}}]
            """);
  }

  /** Every field and entry at any depth. */
  private static List<JsonPointer> places(JsonNode node, JsonPointer at) {
    List<JsonPointer> places = new ArrayList<>();
    places.add(at);
    node.properties()
        .forEach(
            field -> places.addAll(places(field.getValue(), at.appendProperty(field.getKey()))));
    if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        places.addAll(places(array.get(i), at.appendIndex(i)));
      }
    }
    return places;
  }

  /** What a field may hold instead: another type, and a value of the same type. */
  private static List<JsonNode> poisons(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> List.of(NODES.numberNode(7), NODES.objectNode());
      case ARRAY -> List.of(NODES.textNode("x"), NODES.arrayNode());
      case NUMBER -> List.of(NODES.textNode("x"), NODES.numberNode(-1));
      default -> List.of(NODES.objectNode().put("x", "y"), NODES.textNode("a/b c*"));
    };
  }

  private static JsonNode poisoned(
      JsonNode resource, JsonPointer place, JsonNode poison, String name) {
    ObjectNode copy = resource.deepCopy();
    ((ObjectNode) copy.path("metadata")).put("name", name);
    if (copy.at("/spec/models/0").isTextual()) {
      ((ArrayNode) copy.at("/spec/models")).set(0, NODES.textNode(name));
    }
    JsonNode parent = copy.at(place.head());
    if (parent instanceof ArrayNode array) {
      array.set(place.last().getMatchingIndex(), poison);
    } else {
      ((ObjectNode) parent).set(place.last().getMatchingProperty(), poison);
    }
    return copy;
  }
}
