package dev.changeover.operator.watch;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** The gateways that callers are sent to now: the ready pods behind one Service. */
public final class GatewayEndpoints implements Supplier<Set<String>>, AutoCloseable {
  private static final String SERVICE = "kubernetes.io/service-name";
  private static final Duration READ_MAX = Duration.ofSeconds(30);

  private final SharedIndexInformer<EndpointSlice> informer;

  /**
   * Endpoints that are not watched yet.
   *
   * @param wake called whenever one of them has changed; it must not block
   */
  public GatewayEndpoints(
      KubernetesClient client, String namespace, String service, Runnable wake) {
    informer =
        client
            .discovery()
            .v1()
            .endpointSlices()
            .inNamespace(namespace)
            .withLabel(SERVICE, service)
            .runnableInformer(0)
            .exceptionHandler((_, _) -> true) // it tries again, whatever the fault was
            .addEventHandler(new Waker<>(wake));
  }

  /**
   * Begins, and returns when they have been read once.
   *
   * @throws KubernetesClientException if they cannot be
   */
  public void start() {
    try {
      informer.start().toCompletableFuture().get(READ_MAX.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KubernetesClientException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new KubernetesClientException("the gateways' EndpointSlices cannot be read", e);
    }
  }

  /** The names of the pods. */
  @Override
  public Set<String> get() {
    Set<String> ready = new TreeSet<>();
    for (EndpointSlice slice : informer.getStore().list()) {
      if (slice.getEndpoints() != null) {
        slice.getEndpoints().stream()
            .filter(GatewayEndpoints::isReadyPod)
            .forEach(endpoint -> ready.add(endpoint.getTargetRef().getName()));
      }
    }
    return ready;
  }

  /** An unstated condition counts as ready, as the API says. */
  private static boolean isReadyPod(Endpoint endpoint) {
    boolean notReady =
        endpoint.getConditions() != null
            && Boolean.FALSE.equals(endpoint.getConditions().getReady());
    return !notReady
        && endpoint.getTargetRef() != null
        && "Pod".equals(endpoint.getTargetRef().getKind())
        && endpoint.getTargetRef().getName() != null;
  }

  @Override
  public void close() {
    informer.stop();
  }
}
