package dev.changeover.contract;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;

/**
 * When a provider is held for soft reasons, and for how long.
 *
 * @param failureRatePercent the share of failures in the window that begins a hold, 1 to 100
 * @param failureRateWindow the window
 * @param failureRateMinimum attempts in the window below which the rate says nothing
 * @param holdInitial the first hold of an outage
 * @param holdMax the longest hold for a soft reason
 */
public record HealthPolicy(
    int failureRatePercent,
    Duration failureRateWindow,
    int failureRateMinimum,
    Duration holdInitial,
    Duration holdMax,
    BanProbe banProbe) {
  public static final HealthPolicy DEFAULT =
      new HealthPolicy(
          50,
          Duration.ofSeconds(30),
          10,
          Duration.ofSeconds(30),
          Duration.ofMinutes(5),
          BanProbe.AUTO);

  /** Whether a banned provider is asked now and then if the ban is over. */
  public enum BanProbe {
    @JsonProperty("Auto")
    AUTO,
    /** Only a person ends a ban. */
    @JsonProperty("Never")
    NEVER
  }

  public HealthPolicy {
    if (failureRatePercent < 1 || failureRatePercent > 100) {
      throw new IllegalArgumentException("failureRatePercent is 1 to 100: " + failureRatePercent);
    }
    if (failureRateMinimum < 1) {
      throw new IllegalArgumentException("failureRateMinimum is at least 1");
    }
    Timeouts.positive("failureRateWindow", failureRateWindow);
    Timeouts.positive("holdInitial", holdInitial);
    if (holdMax.compareTo(holdInitial) < 0) {
      throw new IllegalArgumentException("holdMax cannot be shorter than holdInitial");
    }
  }
}
