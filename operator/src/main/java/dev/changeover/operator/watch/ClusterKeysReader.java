package dev.changeover.operator.watch;

import dev.changeover.operator.identity.ClusterKeys;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The public keys of the cluster's tokens, as the API server tells them. */
public final class ClusterKeysReader {
  private static final String DISCOVERY = "/.well-known/openid-configuration";
  private static final String KEYS = "/openid/v1/jwks";
  private static final int CHARS_MAX = 1 << 20;
  private static final Logger log = LoggerFactory.getLogger(ClusterKeysReader.class);

  private final KubernetesClient client;
  private final InstantSource clock;
  private volatile ClusterKeys current = ClusterKeys.NONE;
  private boolean failing;

  public ClusterKeysReader(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  /** The keys as they were read last. */
  public ClusterKeys current() {
    return current;
  }

  /** Reads them anew; what cannot be read leaves those that are known. */
  public synchronized void read() {
    try {
      current = current.with(document(DISCOVERY), document(KEYS), clock.instant());
      failing = false;
    } catch (KubernetesClientException | IllegalArgumentException e) {
      if (!failing) {
        failing = true;
        log.atWarn()
            .addKeyValue("fault", e.getMessage())
            .log("the cluster's keys cannot be read; those that are known go on counting");
      }
    }
  }

  private String document(String path) {
    return Optional.ofNullable(client.raw(path))
        .filter(text -> text.length() <= CHARS_MAX)
        .orElseThrow(() -> new IllegalArgumentException("there is no readable " + path));
  }
}
