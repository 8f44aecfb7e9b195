package dev.changeover.local.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.contract.ObjectName;
import dev.changeover.crds.ResourceDefinition;
import dev.changeover.crds.judge.CustomResourceDefaults;
import dev.changeover.local.resources.Resource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes an API server hold exactly the given resources; what others wrote into them stays. */
final class ResourceApplier {
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("changeover-local")
          .withForce(true)
          .build();

  private final KubernetesClient client;
  private Map<Identity, Resource> applied = Map.of();

  private record Identity(Resource.Kind kind, ObjectName name) {}

  ResourceApplier(KubernetesClient client) {
    this.client = client;
  }

  /** Applies what is new or changed, deletes what is gone, and says what it did. */
  AppliedChange apply(List<Resource> resources) {
    Map<Identity, Resource> wanted = new LinkedHashMap<>();
    resources.forEach(each -> wanted.put(new Identity(each.kind(), each.name()), each));
    List<String> added = new ArrayList<>();
    List<String> changed = new ArrayList<>();
    List<String> removed = new ArrayList<>();
    wanted.forEach((identity, resource) -> {
      Resource before = applied.get(identity);
      if (before == null || !before.json().equals(resource.json())) {
        if (before != null) {
          drop(before, resource);
        }
        put(resource);
        (before == null ? added : changed).add(resource.toString());
      }
    });
    applied.forEach((identity, resource) -> {
      if (!wanted.containsKey(identity)) {
        delete(resource);
        removed.add(resource.toString());
      }
    });
    applied = wanted;
    return new AppliedChange(added, changed, removed);
  }

  /** Takes away the labels and annotations that the files no longer have; others stay. */
  private void drop(Resource before, Resource now) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    for (String field : List.of("labels", "annotations")) {
      JsonNode left = now.json().at("/metadata/" + field);
      before
          .json()
          .at("/metadata/" + field)
          .fieldNames()
          .forEachRemaining(name -> {
            if (!left.has(name)) {
              patch.withObject("/metadata/" + field).putNull(name);
            }
          });
    }
    if (!patch.isEmpty()) {
      client
          .genericKubernetesResources(context(now.kind()))
          .inNamespace(now.name().namespace())
          .withName(now.name().name())
          .patch(PatchContext.of(PatchType.JSON_MERGE), patch.toString());
    }
  }

  private void put(Resource resource) {
    JsonNode complete = CustomResourceDefaults.applied(resource.json());
    GenericKubernetesResource object =
        client
            .getKubernetesSerialization()
            .unmarshal(complete.toString(), GenericKubernetesResource.class);
    object.setApiVersion(apiVersion(resource.kind()));
    client
        .genericKubernetesResources(context(resource.kind()))
        .inNamespace(resource.name().namespace())
        .resource(object)
        .patch(APPLY, object);
  }

  private void delete(Resource resource) {
    client
        .genericKubernetesResources(context(resource.kind()))
        .inNamespace(resource.name().namespace())
        .withName(resource.name().name())
        .delete();
  }

  private static String apiVersion(Resource.Kind kind) {
    return switch (kind) {
      case Secret -> "v1";
      case LlmProvider, LlmRoute -> ResourceDefinition.API_VERSION;
    };
  }

  private static ResourceDefinitionContext context(Resource.Kind kind) {
    var context =
        new ResourceDefinitionContext.Builder().withNamespaced(true).withKind(kind.name());
    return switch (kind) {
      case Secret -> context.withVersion("v1").withPlural("secrets").build();
      case LlmProvider, LlmRoute ->
          context
              .withGroup(ResourceDefinition.GROUP)
              .withVersion(ResourceDefinition.VERSION)
              .withPlural(ResourceDefinition.of(kind.name()).orElseThrow().plural())
              .build();
    };
  }
}
