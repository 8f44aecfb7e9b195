package dev.changeover.operator.model;

import java.time.Duration;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a provider's owner wants to be told.
 *
 * @param successRateBelow the success rate in percent below which the provider is degraded
 * @param duration how long it is below before the alert fires, and above before it ends
 * @param labels added to each alert of this provider
 */
public record AlertSettings(
    int successRateBelow, Duration duration, SortedMap<String, String> labels) {
  public AlertSettings {
    if (successRateBelow < 1 || successRateBelow > 100) {
      throw new IllegalArgumentException("successRateBelow is 1 to 100: " + successRateBelow);
    }
    if (duration.isNegative()) {
      throw new IllegalArgumentException("an alert's duration cannot be negative");
    }
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
  }
}
