package dev.changeover.contract;

import java.util.List;

/** What a gateway made of a configuration document. */
public sealed interface FleetReading {
  /** It can be served; the objects named in {@code unusable} answer with a clear error. */
  record Understood(FleetConfig config, List<UnusableObject> unusable) implements FleetReading {
    public Understood {
      unusable = List.copyOf(unusable);
    }
  }

  /** Nothing of it can be trusted; the last good configuration stays. */
  record Refused(String reason) implements FleetReading {}
}
