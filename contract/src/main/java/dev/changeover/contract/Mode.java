package dev.changeover.contract;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether people let a resource take requests. */
public enum Mode {
  @JsonProperty("Active")
  ACTIVE,
  /** Taken out by a person: no request, no probe, no alert. */
  @JsonProperty("Drained")
  DRAINED
}
