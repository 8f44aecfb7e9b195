package dev.changeover.crds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One CRD as it is committed and installed, and the parts of it that programs ask for. */
public record ResourceDefinition(
    String kind, String plural, String yaml, JsonNode schema, List<PrinterColumn> columns) {

  /** The API group of both kinds. */
  public static final String GROUP = "changeover.dev";

  /** The only version of both kinds. */
  public static final String VERSION = "v1alpha1";

  /** The value of {@code apiVersion} in a resource. */
  public static final String API_VERSION = GROUP + "/" + VERSION;

  private static final List<String> PLURALS = List.of("llmproviders", "llmroutes");

  public ResourceDefinition {
    columns = List.copyOf(columns);
  }

  /** A column of {@code kubectl get}; priority 1 is shown with {@code -o wide} only. */
  public record PrinterColumn(String name, String type, String jsonPath, int priority) {}

  /** Both CRDs, providers first. */
  public static List<ResourceDefinition> all() {
    return PLURALS.stream().map(ResourceDefinition::read).toList();
  }

  /** The CRD of a kind, such as {@code LlmRoute}; empty for a kind that is not ours. */
  public static Optional<ResourceDefinition> of(String kind) {
    return all().stream().filter(definition -> definition.kind.equals(kind)).findFirst();
  }

  private static ResourceDefinition read(String plural) {
    String file = plural + "." + GROUP + ".yaml";
    try (InputStream in = ResourceDefinition.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the class path lacks " + file);
      }
      String yaml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return parse(plural, yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ResourceDefinition parse(String plural, String yaml) throws IOException {
    JsonNode definition = new ObjectMapper(new YAMLFactory()).readTree(yaml);
    JsonNode version = definition.at("/spec/versions/0");
    List<PrinterColumn> columns = new ArrayList<>();
    for (JsonNode column : version.path("additionalPrinterColumns")) {
      columns.add(
          new PrinterColumn(
              column.path("name").asText(),
              column.path("type").asText(),
              column.path("jsonPath").asText(),
              column.path("priority").asInt()));
    }
    return new ResourceDefinition(
        definition.at("/spec/names/kind").asText(),
        plural,
        yaml,
        version.at("/schema/openAPIV3Schema"),
        columns);
  }
}
