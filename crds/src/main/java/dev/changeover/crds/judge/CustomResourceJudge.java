package dev.changeover.crds.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.crds.ResourceDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Says what an API server that has our CRDs, called by kubectl, would refuse in a resource.
 *
 * <p>The order is the API server's: unknown fields, defaults, schema, list entries, rules. Rules
 * are asked only where the rest found nothing, so that one mistake is told once.
 */
public final class CustomResourceJudge {

  private static final int NAME_LENGTH_MAX = 253;
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  private record Kind(JsonNode schema, SchemaJudge schemaJudge, RuleJudge ruleJudge) {}

  private final Map<String, Kind> kinds = new LinkedHashMap<>();

  /** A judge over the committed CRDs; compiling their rules takes a moment, so keep it. */
  public CustomResourceJudge() {
    for (ResourceDefinition definition : ResourceDefinition.all()) {
      JsonNode schema = definition.schema();
      kinds.put(
          definition.kind(), new Kind(schema, new SchemaJudge(schema), new RuleJudge(schema)));
    }
  }

  /** What is wrong with the resource; nothing if it would be stored. */
  public List<Finding> judge(JsonNode resource) {
    Kind kind = kinds.get(resource.path("kind").asText());
    if (kind == null
        || !resource.path("apiVersion").asText().equals(ResourceDefinition.API_VERSION)) {
      return List.of(unknownKind(resource));
    }
    List<Finding> findings = new ArrayList<>();
    name(resource.path("metadata").path("name")).ifPresent(findings::add);
    findings.addAll(UnknownFields.in(resource, kind.schema));
    JsonNode stored = stored(resource, kind);
    List<Finding> shape = new ArrayList<>(kind.schemaJudge.judge(stored));
    shape.addAll(ListEntries.repeatedIn(stored, kind.schema));
    findings.addAll(shape.isEmpty() ? kind.ruleJudge.judge(stored) : shape);
    return List.copyOf(findings);
  }

  /** The resource as it would be stored: with defaults, and without a status of the caller's. */
  private static JsonNode stored(JsonNode resource, Kind kind) {
    JsonNode stored = CustomResourceDefaults.applied(resource, kind.schema);
    if (stored instanceof ObjectNode object) {
      object.remove("status");
    }
    return stored;
  }

  private static Finding unknownKind(JsonNode resource) {
    String text =
        "no matches for kind \"%s\" in version \"%s\""
            .formatted(resource.path("kind").asText(), resource.path("apiVersion").asText());
    return new Finding("kind", text, "kind");
  }

  private static Optional<Finding> name(JsonNode name) {
    String field = "metadata.name";
    if (name.asText().isEmpty()) {
      String text = field + ": Required value: name or generateName is required";
      return Optional.of(new Finding(field, text, field + " required"));
    }
    if (name.asText().length() > NAME_LENGTH_MAX || !NAME.matcher(name.asText()).matches()) {
      String text =
          field
              + ": Invalid value: "
              + name
              + ": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
              + " characters, '-' or '.', and must start and end with an alphanumeric character";
      return Optional.of(new Finding(field, text, field + " pattern"));
    }
    return Optional.empty();
  }
}
