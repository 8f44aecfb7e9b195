package dev.changeover.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the status of one provider or route says.
 *
 * @param settled whether the status speaks of the spec that stands there
 */
record Standing(String resource, boolean settled, String state, List<Condition> conditions) {
  private static final ObjectMapper JSON = new ObjectMapper();

  Standing {
    conditions = List.copyOf(conditions);
  }

  /** One condition. */
  record Condition(String type, String status, String reason, String message) {}

  /** Of every provider and route of a namespace, by kind and name. */
  static List<Standing> all(Kubectl kubectl) {
    try {
      List<Standing> all = new ArrayList<>();
      JSON.readTree(kubectl.ok("get", "llm", "--output=json"))
          .path("items")
          .forEach(item -> all.add(of(item)));
      return all;
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /** Whether every provider and route of a namespace is ready as it stands there. */
  static boolean allWell(Kubectl kubectl) {
    return all(kubectl).stream().allMatch(each -> each.settled() && each.ready());
  }

  private static Standing of(JsonNode item) {
    JsonNode status = item.path("status");
    List<Condition> conditions = new ArrayList<>();
    for (JsonNode each : status.path("conditions")) {
      conditions.add(
          new Condition(
              each.path("type").asText(),
              each.path("status").asText(),
              each.path("reason").asText(),
              each.path("message").asText()));
    }
    return new Standing(
        item.path("kind").asText() + "/" + item.at("/metadata/name").asText(),
        status.path("observedGeneration").asLong(-1) == item.at("/metadata/generation").asLong(),
        status.path("state").asText(),
        conditions);
  }

  boolean ready() {
    return conditions.stream().anyMatch(each -> each.type().equals("Ready") && is(each, "True"));
  }

  /**
   * The resource, its state, and each of its conditions that is False against the design's wish.
   */
  String complaint() {
    return resource
        + " is "
        + (state.isEmpty() ? "without a state" : state)
        + conditions.stream()
            .filter(each -> is(each, "False"))
            .filter(each -> List.of("Accepted", "ResolvedRefs", "Programmed").contains(each.type()))
            .filter(each -> !each.reason().equals("Pending")) // the other two say why
            .map(
                each -> "\n  %s=False %s: %s".formatted(each.type(), each.reason(), each.message()))
            .collect(Collectors.joining());
  }

  private static boolean is(Condition condition, String status) {
    return condition.status().equals(status);
  }
}
