package dev.changeover.operator.model;

import dev.changeover.contract.ObjectName;
import dev.changeover.crds.LlmRouteSpec;
import dev.changeover.crds.LlmRouteStatus;
import dev.changeover.crds.SpecReading;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One LlmRoute as it was read.
 *
 * @param created its creationTimestamp: of two rivals the older wins
 * @param reading its spec, or why there is none
 * @param status what was last written into it, by whichever operator
 */
public record RouteResource(
    ObjectName name,
    String uid,
    long generation,
    Instant created,
    Map<String, String> annotations,
    SpecReading<LlmRouteSpec> reading,
    Optional<LlmRouteStatus> status) {
  public RouteResource {
    annotations = Map.copyOf(annotations);
  }

  RouteResource withoutStatus() {
    return new RouteResource(
        name, uid, generation, created, annotations, reading, Optional.empty());
  }

  /** How this resource is called in problems, conditions and Events. */
  public ResourceRef ref() {
    return ResourceRef.route(name);
  }
}
