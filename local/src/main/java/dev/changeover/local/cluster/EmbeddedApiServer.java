package dev.changeover.local.cluster;

import dev.changeover.crds.ResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;

/** An API server on loopback that knows our two kinds and keeps everything in memory. */
public final class EmbeddedApiServer implements AutoCloseable {
  /** Held here, since java.util.logging forgets a logger's level with the logger. */
  private static final Logger REQUEST_LOG = Logger.getLogger("io.fabric8.mockwebserver");

  /** Any user of this machine finds the port; the Secrets are for who is told this. */
  private final String token = UUID.randomUUID().toString();

  private final ApiDispatcher dispatcher = new ApiDispatcher(token);
  private final KubernetesMockServer server =
      new KubernetesMockServer(
          new Context(), new MockWebServer(), new HashMap<>(), dispatcher, false);

  private EmbeddedApiServer() {}

  /** A running server on a free port, with both kinds installed. */
  public static EmbeddedApiServer start() {
    REQUEST_LOG.setLevel(Level.OFF); // it writes each request's body, and Secrets are among them
    var server = new EmbeddedApiServer();
    server.server.init(InetAddress.getLoopbackAddress(), 0);
    try (KubernetesClient client = server.client()) {
      for (ResourceDefinition definition : ResourceDefinition.all()) {
        client
            .resource(Serialization.unmarshal(definition.yaml(), CustomResourceDefinition.class))
            .create();
      }
    }
    return server;
  }

  /** A new client of this server; whoever takes it closes it. */
  public KubernetesClient client() {
    return server.createClient(builder ->
        builder.editOrNewConfig().withNamespace("default").withOauthToken(token).endConfig());
  }

  /** How a client elsewhere reaches this server. */
  public Config config() {
    try (KubernetesClient client = client()) {
      return client.getConfiguration();
    }
  }

  /** How many requests so far were not mere questions. */
  public long writes() {
    return dispatcher.writes();
  }

  @Override
  public void close() {
    server.destroy();
  }
}
