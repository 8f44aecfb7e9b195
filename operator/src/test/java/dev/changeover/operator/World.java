package dev.changeover.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.changeover.contract.ObjectName;
import dev.changeover.crds.LlmProviderSpec;
import dev.changeover.crds.LlmRouteSpec;
import dev.changeover.crds.SpecReading;
import dev.changeover.operator.model.ClusterView;
import dev.changeover.operator.model.ClusterView.MonitoringApi;
import dev.changeover.operator.model.ProviderResource;
import dev.changeover.operator.model.RouteResource;
import dev.changeover.operator.model.SecretView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A cluster written down as YAML documents: both kinds of ours and Secrets with stringData. */
public final class World {
  public static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private static final String BORN = "2026-01-01T00:00:00Z";

  private World() {}

  /** The view of a cluster with these resources and these Ready gateways. */
  public static ClusterView view(String yaml, List<String> gateways) {
    List<ProviderResource> providers = new ArrayList<>();
    List<RouteResource> routes = new ArrayList<>();
    List<SecretView> secrets = new ArrayList<>();
    for (JsonNode document : documents(yaml)) {
      switch (document.path("kind").asText()) {
        case "LlmProvider" -> providers.add(provider(document));
        case "LlmRoute" -> routes.add(route(document));
        case "Secret" -> secrets.add(new SecretView(name(document), texts(document, "stringData")));
        default -> throw new IllegalArgumentException("no kind of ours: " + document);
      }
    }
    return ClusterView.of(providers, routes, secrets, gateways, MonitoringApi.PRESENT);
  }

  /** One document. */
  static JsonNode tree(String yaml) {
    try {
      return YAML.readTree(yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static List<JsonNode> documents(String yaml) {
    try (MappingIterator<JsonNode> read = YAML.readerFor(JsonNode.class).readValues(yaml)) {
      List<JsonNode> documents = new ArrayList<>();
      read.readAll(documents);
      return documents;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ProviderResource provider(JsonNode document) {
    return new ProviderResource(
        name(document),
        uid(document),
        document.at("/metadata/generation").asLong(1),
        created(document),
        annotations(document),
        SpecReading.of(spec(document, LlmProviderSpec.class)),
        Optional.empty());
  }

  private static RouteResource route(JsonNode document) {
    return new RouteResource(
        name(document),
        uid(document),
        document.at("/metadata/generation").asLong(1),
        created(document),
        annotations(document),
        SpecReading.of(spec(document, LlmRouteSpec.class)),
        Optional.empty());
  }

  /** The spec as Jackson binds it, which never fails. */
  private static <S> @Nullable S spec(JsonNode document, Class<S> type) {
    try {
      JsonNode spec = document.path("spec");
      return spec instanceof MissingNode ? null : YAML.treeToValue(spec, type);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectName name(JsonNode document) {
    return new ObjectName(
        document.at("/metadata/namespace").asText("default"),
        document.at("/metadata/name").asText());
  }

  private static String uid(JsonNode document) {
    return document.at("/metadata/uid").asText("uid-of-" + name(document));
  }

  private static Instant created(JsonNode document) {
    return Instant.parse(document.at("/metadata/creationTimestamp").asText(BORN));
  }

  private static Map<String, String> annotations(JsonNode document) {
    return texts(document.path("metadata"), "annotations");
  }

  private static Map<String, String> texts(JsonNode parent, String field) {
    Map<String, String> texts = new HashMap<>();
    parent
        .path(field)
        .properties()
        .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
    return texts;
  }
}
