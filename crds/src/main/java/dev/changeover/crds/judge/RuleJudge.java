package dev.changeover.crds.judge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The CEL rules of one kind, compiled once, at the places of the schema where they stand. */
final class RuleJudge {

  private static final String RULES = "x-kubernetes-validations";

  private static final Cel CEL =
      CelFactory.plannerCelBuilder()
          .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
          .addCompilerLibraries(CelExtensions.strings())
          .addRuntimeLibraries(CelExtensions.strings())
          .addVar("self", SimpleType.DYN)
          .build();

  /** The rules at one place of the schema, and those below it. */
  private record Place(List<Rule> rules, Map<String, Place> properties, Optional<Place> items) {}

  private record Rule(CelRuntime.Program program, String message, String fieldPath) {}

  private final Place root;

  RuleJudge(JsonNode schema) {
    this.root = place(schema);
  }

  private static Place place(JsonNode schema) {
    List<Rule> rules = new ArrayList<>();
    schema.path(RULES).forEach(rule -> rules.add(rule(rule)));
    Map<String, Place> properties = new LinkedHashMap<>();
    schema
        .path("properties")
        .properties()
        .forEach(property -> properties.put(property.getKey(), place(property.getValue())));
    JsonNode items = schema.path("items");
    return new Place(
        rules, properties, items.isObject() ? Optional.of(place(items)) : Optional.empty());
  }

  private static Rule rule(JsonNode rule) {
    String expression = rule.path("rule").asText();
    try {
      CelRuntime.Program program = CEL.createProgram(CEL.compile(expression).getAst());
      return new Rule(program, rule.path("message").asText(), rule.path("fieldPath").asText());
    } catch (CelValidationException | CelEvaluationException e) {
      throw new IllegalStateException("the CRD has a rule that is not CEL: " + expression, e);
    }
  }

  /** What the rules say of a resource whose shape is right and whose defaults are filled in. */
  List<Finding> judge(JsonNode resource) {
    List<Finding> findings = new ArrayList<>();
    judge("", resource, root, findings);
    return findings;
  }

  private static void judge(String field, JsonNode value, Place place, List<Finding> findings) {
    for (Rule rule : place.rules) {
      if (!holds(rule, value)) {
        String where = field + rule.fieldPath;
        String shown = value.isContainerNode() ? "" : value + ": ";
        findings.add(
            new Finding(where, where + ": Invalid value: " + shown + rule.message, rule.message));
      }
    }
    place.properties.forEach((name, below) -> {
      if (value.has(name)) {
        judge(Fields.property(field, name), value.path(name), below, findings);
      }
    });
    for (int i = 0; place.items.isPresent() && i < value.size(); i++) {
      judge(Fields.entry(field, i), value.path(i), place.items.get(), findings);
    }
  }

  private static boolean holds(Rule rule, JsonNode value) {
    try {
      return Boolean.TRUE.equals(rule.program.eval(Map.of("self", plain(value))));
    } catch (CelEvaluationException e) {
      return false; // the API server refuses, too, what a rule cannot be applied to
    }
  }

  /** JSON as CEL knows it: whole numbers are longs. */
  private static Object plain(JsonNode value) {
    if (value.isObject()) {
      Map<String, Object> map = new LinkedHashMap<>();
      value.properties().forEach(entry -> map.put(entry.getKey(), plain(entry.getValue())));
      return map;
    }
    if (value.isArray()) {
      List<Object> list = new ArrayList<>();
      value.forEach(entry -> list.add(plain(entry)));
      return list;
    }
    if (value.isNumber()) {
      return value.isIntegralNumber() ? (Object) value.longValue() : value.doubleValue();
    }
    return value.isBoolean() ? (Object) value.booleanValue() : value.asText();
  }
}
