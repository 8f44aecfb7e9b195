package dev.changeover.operator.publish;

import dev.changeover.operator.model.ClusterView.MonitoringApi;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Whether the cluster knows PrometheusRule, asked now and then: it may be installed later. */
public final class Monitoring {
  private static final Duration LOOK_PACE = Duration.ofSeconds(60);
  private static final String API_VERSION = "monitoring.coreos.com/v1";

  private final KubernetesClient client;
  private final Choice choice;
  private final InstantSource clock;
  private Instant lookedAt = Instant.MIN;
  private MonitoringApi seen = MonitoringApi.ABSENT;

  /** How it is found out. */
  public enum Choice {
    /** The API server is asked. */
    DISCOVERED,
    /** It is taken to be there: for an API server without discovery. */
    ASSUMED
  }

  public Monitoring(KubernetesClient client, Choice choice, InstantSource clock) {
    this.client = client;
    this.choice = choice;
    this.clock = clock;
  }

  public synchronized MonitoringApi api() {
    return switch (choice) {
      case ASSUMED -> MonitoringApi.PRESENT;
      case DISCOVERED -> discovered();
    };
  }

  private MonitoringApi discovered() {
    Instant now = clock.instant();
    if (!lookedAt.equals(Instant.MIN) && now.isBefore(lookedAt.plus(LOOK_PACE))) {
      return seen;
    }
    lookedAt = now;
    try {
      seen =
          client.supports(API_VERSION, "PrometheusRule")
              ? MonitoringApi.PRESENT
              : MonitoringApi.ABSENT;
    } catch (KubernetesClientException e) {
      return seen; // what could not be asked has not changed
    }
    return seen;
  }
}
