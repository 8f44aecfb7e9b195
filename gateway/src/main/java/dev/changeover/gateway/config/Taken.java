package dev.changeover.gateway.config;

import dev.changeover.contract.Revision;
import dev.changeover.contract.UnusableObject;
import java.util.List;

/** What became of a configuration that was offered. */
public sealed interface Taken {
  /** It serves now; the objects named cannot be used in this gateway. */
  record Applied(Revision revision, List<UnusableObject> unusable) implements Taken {
    public Applied {
      unusable = List.copyOf(unusable);
    }
  }

  /** It is not newer than the one that serves. */
  record Older(Revision current) implements Taken {}

  /** It was refused as a whole; the last good one serves on. */
  record Rejected(String reason) implements Taken {}
}
