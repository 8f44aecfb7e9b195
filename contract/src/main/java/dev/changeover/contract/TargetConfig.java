package dev.changeover.contract;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** One place where a route's requests can be answered. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "state")
@JsonSubTypes({
  @JsonSubTypes.Type(value = TargetConfig.Usable.class, name = "Usable"),
  @JsonSubTypes.Type(value = TargetConfig.Unusable.class, name = "Unusable")
})
public sealed interface TargetConfig {
  /** Unique in its route; {@code provider/model} unless the route says otherwise. */
  String name();

  ObjectName provider();

  String model();

  /** A target whose provider and key are known. */
  record Usable(String name, ObjectName provider, String model, Overrides overrides)
      implements TargetConfig {}

  /**
   * A target that cannot be called; it stays in the list, so that the reason is visible.
   *
   * @param reason a condition's reason: ProviderNotFound, SecretNotFound, RefNotPermitted, …
   * @param message what is wrong and what to do, for people
   */
  record Unusable(String name, ObjectName provider, String model, String reason, String message)
      implements TargetConfig {}
}
