package dev.changeover.gateway.health;

import dev.changeover.contract.KeyRef;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.ProviderConfig;
import java.time.Instant;
import java.util.Optional;

/** What the planner may ask about health; the answers about holds are those of one moment. */
public interface HealthView {
  /** Whether a call may be made; {@code key} is empty for an open server. */
  Admission admission(ProviderConfig provider, Optional<KeyRef> key, String model, Instant now);

  /**
   * Seconds until the first token comes, with recent peaks remembered; 0 where nothing is known,
   * and infinite where there were only failures.
   */
  double latencyScore(ObjectName provider, String model, Instant now);

  /** Whether one more request may be tried although the target is held. */
  boolean lastResortFree(ObjectName provider, String model);
}
