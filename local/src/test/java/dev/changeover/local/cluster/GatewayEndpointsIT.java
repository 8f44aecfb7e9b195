package dev.changeover.local.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.operator.watch.GatewayEndpoints;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which gateways count: the ready pods behind the Service. */
final class GatewayEndpointsIT {
  private static final String NAMESPACE = "changeover";
  private final EmbeddedApiServer server = EmbeddedApiServer.start();
  private final KubernetesClient client = server.client();
  private final AtomicInteger wakes = new AtomicInteger();
  private final GatewayEndpoints gateways =
      new GatewayEndpoints(client, NAMESPACE, "gateway", wakes::incrementAndGet);

  @AfterEach
  void stop() {
    gateways.close();
    client.close();
    server.close();
  }

  @Test
  void readyPodsOfTheServiceCountAndNoOthers() {
    put(slice("gateway-1", "gateway", pod("a", true), pod("b", false), pod("c", null)));
    put(slice("other-1", "other", pod("x", true)));
    gateways.start();
    assertThat(gateways.get()).containsExactly("a", "c");

    put(slice("gateway-2", "gateway", pod("a", true), pod("d", true)));
    await().until(() -> gateways.get().equals(Set.of("a", "c", "d")));
    int before = wakes.get();
    client
        .discovery()
        .v1()
        .endpointSlices()
        .inNamespace(NAMESPACE)
        .resource(slice("gateway-1", "gateway", pod("a", false), pod("b", true)))
        .update();
    await().until(() -> gateways.get().equals(Set.of("a", "b", "d")));
    assertThat(wakes.get()).isGreaterThan(before);
  }

  @Test
  void whereThereAreNoneNobodyCounts() {
    gateways.start();
    assertThat(gateways.get()).isEmpty();
  }

  private void put(EndpointSlice slice) {
    client.discovery().v1().endpointSlices().inNamespace(NAMESPACE).resource(slice).create();
  }

  private static EndpointSlice slice(String name, String service, Endpoint... endpoints) {
    return new EndpointSliceBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(NAMESPACE)
        .addToLabels("kubernetes.io/service-name", service)
        .endMetadata()
        .withAddressType("IPv4")
        .withEndpoints(List.of(endpoints))
        .build();
  }

  private static Endpoint pod(String name, @Nullable Boolean ready) {
    return new EndpointBuilder()
        .withAddresses("10.0.0.1")
        .withNewConditions()
        .withReady(ready)
        .endConditions()
        .withNewTargetRef()
        .withKind("Pod")
        .withName(name)
        .withNamespace(NAMESPACE)
        .endTargetRef()
        .build();
  }
}
