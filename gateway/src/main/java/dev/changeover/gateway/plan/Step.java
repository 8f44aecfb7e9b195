package dev.changeover.gateway.plan;

import dev.changeover.contract.KeyRef;
import dev.changeover.contract.ProviderConfig;
import dev.changeover.contract.TargetConfig;
import dev.changeover.gateway.health.PermitKind;
import java.time.Duration;
import java.util.Optional;

/**
 * One attempt to make.
 *
 * @param key the account's key to use; empty for an open server
 * @param kind the grounds on which a permit is asked for, after the pause
 * @param pause how long to wait before sending; mostly zero
 */
public record Step(
    TargetConfig.Usable target,
    ProviderConfig provider,
    Optional<KeyRef> key,
    PermitKind kind,
    Duration pause)
    implements Next {
  public Step {
    if (pause.isNegative()) {
      throw new IllegalArgumentException("a pause cannot be negative");
    }
  }
}
