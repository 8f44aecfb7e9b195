package dev.changeover.local.show;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import dev.changeover.crds.ResourceDefinition;
import dev.changeover.local.show.Showing.Nothing;
import dev.changeover.local.show.Showing.Shown;
import dev.changeover.local.table.EventTable;
import dev.changeover.local.table.ResourceTable;
import dev.changeover.local.table.RuleTable;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * An API server's resources as text.
 *
 * @param <X> thrown when the server cannot be asked
 */
public final class ClusterView<X extends Exception> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Comparator<JsonNode> BY_NAME =
      Comparator.comparing((JsonNode resource) -> namespace(resource))
          .thenComparing(resource -> name(resource));
  private static final ObjectMapper YAML =
      new ObjectMapper(
          new YAMLFactory()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES));

  private final ApiServer<X> server;
  private final InstantSource clock;

  /**
   * How an API server is asked.
   *
   * @param <X> thrown when it cannot be
   */
  @FunctionalInterface
  public interface ApiServer<X extends Exception> {
    /** The JSON at a path. */
    String get(String path) throws X;
  }

  public ClusterView(ApiServer<X> server, InstantSource clock) {
    this.server = server;
    this.clock = clock;
  }

  /**
   * The text of all resources of a kind, or of one.
   *
   * @param namespace empty for all
   * @param name empty for all
   */
  public Showing show(Kind kind, String namespace, String name, Format format) throws X {
    List<JsonNode> resources = list(kind, namespace);
    if (!name.isEmpty()) {
      resources.removeIf(resource -> !name(resource).equals(name));
    }
    if (resources.isEmpty()) {
      String what =
          name.isEmpty() ? "are no " + kind.kind() + "s" : "is no " + kind.kind() + " " + name;
      String where = namespace.isEmpty() ? "any namespace" : "namespace " + namespace;
      return new Nothing("there " + what + " in " + where);
    }
    return new Shown(
        switch (format) {
          case TABLE -> table(kind, resources, namespace.isEmpty(), false);
          case WIDE -> table(kind, resources, namespace.isEmpty(), true);
          case YAML -> yaml(resources, !name.isEmpty());
        });
  }

  /** All resources of a kind, sorted by namespace and name. */
  public List<JsonNode> list(Kind kind, String namespace) throws X {
    JsonNode answer;
    try {
      answer = JSON.readTree(server.get(kind.path(namespace)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the API server answers no JSON", e);
    }
    List<JsonNode> resources = new ArrayList<>();
    for (JsonNode item : answer.path("items")) {
      resources.add(complete(kind, item));
    }
    resources.sort(BY_NAME);
    return resources;
  }

  /** A list's items lack what kubectl fills in; {@code managedFields} it leaves out. */
  private static JsonNode complete(Kind kind, JsonNode item) {
    ObjectNode complete = JSON.createObjectNode();
    complete.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    item.properties().forEach(field -> complete.set(field.getKey(), field.getValue().deepCopy()));
    if (complete.path("metadata") instanceof ObjectNode metadata) {
      metadata.remove("managedFields");
    }
    return complete;
  }

  private String table(Kind kind, List<JsonNode> resources, boolean namespaces, boolean wide) {
    Instant now = clock.instant();
    return switch (kind) {
      case PROVIDERS, ROUTES -> {
        ResourceDefinition definition = ResourceDefinition.of(kind.kind()).orElseThrow();
        ResourceTable table = ResourceTable.of(definition.columns(), wide);
        yield (namespaces ? table.withNamespace() : table).text(resources, now);
      }
      case EVENTS -> EventTable.text(resources, namespaces, now);
      case RULES -> RuleTable.text(resources, namespaces, now);
    };
  }

  private static String yaml(List<JsonNode> resources, boolean one) {
    ObjectNode list = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "List");
    list.putArray("items").addAll(resources);
    return yaml(one ? resources.getFirst() : list);
  }

  /** Any JSON as YAML. */
  public static String yaml(JsonNode json) {
    try {
      return YAML.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree has no YAML form", e);
    }
  }

  private static String name(JsonNode resource) {
    return resource.path("metadata").path("name").asText();
  }

  private static String namespace(JsonNode resource) {
    return resource.path("metadata").path("namespace").asText();
  }
}
