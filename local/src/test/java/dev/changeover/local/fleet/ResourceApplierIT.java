package dev.changeover.local.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.changeover.contract.ObjectName;
import dev.changeover.crds.LlmRoute;
import dev.changeover.local.cluster.EmbeddedApiServer;
import dev.changeover.local.resources.Resource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Resources of files, applied again and again. */
final class ResourceApplierIT {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  @Test
  void whatAFileDropsGoesAndWhatOthersPutThereStays() throws IOException {
    try (var server = EmbeddedApiServer.start();
        KubernetesClient client = server.client()) {
      var applier = new ResourceApplier(client);
      applier.apply(
          List.of(route("{labels: {team: ml, tier: one}, annotations: {a: \"1\", b: \"2\"}}")));
      client
          .resources(LlmRoute.class)
          .inNamespace("default")
          .withName("assistant")
          .edit(found -> {
            found.getMetadata().getAnnotations().put("changeover.dev/clear", "now");
            return found;
          });
      applier.apply(List.of(route("{labels: {team: web}, annotations: {b: \"2\"}}")));
      ObjectMeta metadata =
          client
              .resources(LlmRoute.class)
              .inNamespace("default")
              .withName("assistant")
              .get()
              .getMetadata();
      assertThat(metadata.getLabels()).containsOnlyKeys("team").containsEntry("team", "web");
      assertThat(metadata.getAnnotations()).containsOnlyKeys("b", "changeover.dev/clear");
    }
  }

  private static Resource route(String metadata) throws IOException {
    ObjectNode json =
        (ObjectNode)
            YAML.readTree(
                """
                apiVersion: changeover.dev/v1alpha1
                kind: LlmRoute
                spec:
                  models: [assistant]
                  targets: [{providerRef: {name: acme}, model: m}]
                """);
    ObjectNode complete = (ObjectNode) YAML.readTree(metadata);
    complete.put("name", "assistant").put("namespace", "default");
    json.set("metadata", complete);
    return new Resource(Resource.Kind.LlmRoute, new ObjectName("default", "assistant"), json);
  }
}
