package dev.changeover.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The version of what operator and gateway say to each other; written {@code major.minor}. Fields
 * are only added within a major version; a gateway refuses a configuration of another major version
 * as a whole and keeps its last good one.
 */
public record ContractVersion(int major, int minor) {
  public static final ContractVersion CURRENT = new ContractVersion(1, 0);

  @JsonCreator
  public static ContractVersion parse(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 2) {
      throw new IllegalArgumentException("a contract version is major.minor, not '" + text + "'");
    }
    return new ContractVersion(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
  }

  /** Whether we can read what was written in that version. */
  public boolean reads(ContractVersion written) {
    return written.major == major;
  }

  @JsonValue
  @Override
  public String toString() {
    return major + "." + minor;
  }
}
