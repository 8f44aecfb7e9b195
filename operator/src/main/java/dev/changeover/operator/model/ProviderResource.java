package dev.changeover.operator.model;

import dev.changeover.contract.ObjectName;
import dev.changeover.crds.LlmProviderSpec;
import dev.changeover.crds.LlmProviderStatus;
import dev.changeover.crds.SpecReading;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One LlmProvider as it was read.
 *
 * @param created its creationTimestamp: of two rivals the older wins
 * @param reading its spec, or why there is none
 * @param status what was last written into it, by whichever operator
 */
public record ProviderResource(
    ObjectName name,
    String uid,
    long generation,
    Instant created,
    Map<String, String> annotations,
    SpecReading<LlmProviderSpec> reading,
    Optional<LlmProviderStatus> status) {
  public ProviderResource {
    annotations = Map.copyOf(annotations);
  }

  ProviderResource withoutStatus() {
    return new ProviderResource(
        name, uid, generation, created, annotations, reading, Optional.empty());
  }

  /** How this resource is called in problems, conditions and Events. */
  public ResourceRef ref() {
    return ResourceRef.provider(name);
  }
}
