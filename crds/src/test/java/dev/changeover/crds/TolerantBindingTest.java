package dev.changeover.crds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TolerantBindingTest {

  /** Stands for a key that was put into the wrong field. */
  private static final String CANARY = "sk-canary-7f3a";

  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  @ParameterizedTest
  @ValueSource(strings = {"LlmProvider", "LlmRoute"})
  void completeResourceBindsWithEveryField(String kind) throws IOException {
    // Given
    JsonNode complete = complete(kind);
    // When
    CustomResource<?, ?> bound = SERIALIZATION.convertValue(complete, type(kind));
    // Then
    assertThat(reading(bound)).isInstanceOf(SpecReading.Bound.class);
    JsonNode written = YAML.readTree(SERIALIZATION.asJson(bound));
    assertThat(written.path("spec")).isEqualTo(complete.path("spec"));
    assertThat(written.path("status")).isEqualTo(complete.path("status"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"LlmProvider", "LlmRoute"})
  void noValueOfAnyFieldStopsTheReading(String kind) {
    List<JsonPointer> places = places(complete(kind));
    assertThat(places).hasSizeGreaterThan(40);
    int unbound = 0;
    for (JsonPointer place : places) {
      for (JsonNode wild : wildValues()) {
        // Given
        ObjectNode resource = complete(kind).deepCopy();
        put(resource, place, wild);
        // When
        CustomResource<?, ?> bound = SERIALIZATION.unmarshal(resource.toString(), type(kind));
        // Then
        SpecReading<?> reading = reading(bound);
        if (reading instanceof SpecReading.Unbound<?>(String message)) {
          unbound++;
          assertThat(message).startsWith("spec").doesNotContain(CANARY).hasSizeLessThan(200);
        }
        assertThat(bound.toString()).as("toString at %s", place).isNotEmpty();
        assertThat(reading(SERIALIZATION.clone(bound))).as("copy at %s", place).isEqualTo(reading);
      }
    }
    assertThat(unbound).isGreaterThan(100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"LlmProvider", "LlmRoute"})
  void statusThatDoesNotBindCountsAsAbsent(String kind) {
    // Given
    ObjectNode resource = complete(kind).deepCopy();
    resource.withObject("/status").put("transitions", "none");
    // When
    CustomResource<?, ?> bound = SERIALIZATION.unmarshal(resource.toString(), type(kind));
    // Then
    assertThat(bound.getStatus()).isNull();
    assertThat(reading(bound)).isInstanceOf(SpecReading.Bound.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                        | spec.type is required
          {type: [OpenAI]}                          | spec.type must be a string
          {type: 7}                                 | spec.type must be a string
          {type: OpenAI, timeouts: 30s}             | spec.timeouts must be an object
          {type: OpenAI, timeouts: {total: 600}}    | spec.timeouts.total must be a string
          {type: OpenAI, credentials: sk-canary}    | spec.credentials must be a list
          {type: OpenAI, credentials: [sk-canary]}  | spec.credentials[0] must be an object
          {type: OpenAI, credentials: [{}]}         | spec.credentials[0].name is required
          {type: OpenAI, credentials: [null]}       | spec has an entry that is null
          {type: OpenAI, headers: [a]}              | spec.headers must be a map
          {type: OpenAI, models: [{name: a, contextWindow: many}]} | \
          spec.models[0].contextWindow must be a whole number
          {type: OpenAI, alerts: {successRateBelow: 99.5}} | \
          spec.alerts.successRateBelow must be a whole number
          []                                        | spec must be an object
          text                                      | spec must be an object
          null                                      | spec is missing
          """)
  void sentenceNamesTheFieldAndWhatItMustBe(String spec, String sentence) throws IOException {
    // Given
    ObjectNode resource = complete("LlmProvider").deepCopy();
    resource.set("spec", YAML.readTree(spec));
    // When
    LlmProvider bound = SERIALIZATION.unmarshal(resource.toString(), LlmProvider.class);
    // Then
    assertThat(bound.reading()).isEqualTo(new SpecReading.Unbound<>(sentence));
  }

  @Test
  void specThatIsNotThereIsUnbound() {
    assertThat(new LlmRoute().reading()).isEqualTo(new SpecReading.Unbound<>("spec is missing"));
  }

  @Test
  void resourceForAStatusPatchHoldsNoSpec() {
    // Given
    var route = new LlmRoute();
    route.setStatus(LlmRouteStatus.builder().state("Available").build());
    // When
    JsonNode written = new ObjectMapper().valueToTree(route);
    // Then
    assertThat(written.has("spec")).isFalse();
    assertThat(written.path("status").toString()).isEqualTo("{\"state\":\"Available\"}");
  }

  @Test
  void fieldsThatAreUnknownHereAreLeftToNewerVersions() throws IOException {
    // Given
    ObjectNode resource = complete("LlmRoute").deepCopy();
    resource.withObject("/spec").set("stream", YAML.readTree("{commit: Complete}"));
    // When
    LlmRoute bound = SERIALIZATION.unmarshal(resource.toString(), LlmRoute.class);
    // Then
    assertThat(bound.reading()).isInstanceOf(SpecReading.Bound.class);
  }

  private static List<JsonNode> wildValues() {
    ObjectNode object = JSON.objectNode().put("a", CANARY);
    ArrayNode deep = JSON.arrayNode();
    ArrayNode inner = deep;
    for (int i = 0; i < 200; i++) {
      inner = inner.addArray();
    }
    return List.of(
        JSON.nullNode(),
        JSON.booleanNode(true),
        JSON.numberNode(-1),
        JSON.numberNode(1.5),
        JSON.numberNode(Long.MAX_VALUE),
        JSON.textNode(""),
        JSON.textNode(CANARY),
        JSON.arrayNode(),
        JSON.arrayNode().add((String) null),
        JSON.arrayNode().add(CANARY),
        JSON.arrayNode().add(object),
        JSON.objectNode(),
        JSON.objectNode().putNull("a"),
        object,
        deep);
  }

  private static List<JsonPointer> places(JsonNode resource) {
    List<JsonPointer> places = new ArrayList<>();
    collect(JsonPointer.valueOf("/spec"), resource.path("spec"), places);
    collect(JsonPointer.valueOf("/status"), resource.path("status"), places);
    return places;
  }

  private static void collect(JsonPointer place, JsonNode value, List<JsonPointer> places) {
    places.add(place);
    value
        .properties()
        .forEach(e -> collect(place.appendProperty(e.getKey()), e.getValue(), places));
    for (int i = 0; value.isArray() && i < value.size(); i++) {
      collect(place.appendIndex(i), value.path(i), places);
    }
  }

  private static void put(ObjectNode resource, JsonPointer place, JsonNode value) {
    switch (resource.at(place.head())) {
      case ArrayNode array -> array.set(place.last().getMatchingIndex(), value);
      case ObjectNode object -> object.set(place.last().getMatchingProperty(), value);
      case JsonNode other -> throw new AssertionError(other);
    }
  }

  private static SpecReading<?> reading(CustomResource<?, ?> resource) {
    return switch (resource) {
      case LlmProvider provider -> provider.reading();
      case LlmRoute route -> route.reading();
      default -> throw new AssertionError(resource);
    };
  }

  private static Class<? extends CustomResource<?, ?>> type(String kind) {
    return kind.equals("LlmProvider") ? LlmProvider.class : LlmRoute.class;
  }

  private static ObjectNode complete(String kind) {
    try (InputStream in =
        TolerantBindingTest.class.getResourceAsStream("complete/" + kind + ".yaml")) {
      return (ObjectNode) YAML.readTree(in);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
