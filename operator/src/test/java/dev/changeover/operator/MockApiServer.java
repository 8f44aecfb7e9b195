package dev.changeover.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.Dispatcher;
import java.net.InetAddress;
import java.util.HashMap;

/** The mock API server, answering as a test wants it, and a client that asks nothing twice. */
public final class MockApiServer implements AutoCloseable {
  private final KubernetesMockServer server;
  private final KubernetesClient client;

  public MockApiServer(Dispatcher answers) {
    server =
        new KubernetesMockServer(
            new Context(), new MockWebServer(), new HashMap<>(), answers, false);
    server.init(InetAddress.getLoopbackAddress(), 0);
    client = server.createClient();
    client.getConfiguration().setRequestRetryBackoffLimit(0);
  }

  public KubernetesClient client() {
    return client;
  }

  @Override
  public void close() {
    client.close();
    server.destroy();
  }
}
