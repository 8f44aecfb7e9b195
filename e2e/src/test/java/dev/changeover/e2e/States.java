package dev.changeover.e2e;

import dev.changeover.crds.LlmProvider;
import dev.changeover.crds.LlmRoute;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Every state that was seen of each resource of a namespace, in order, repeats left out. */
final class States implements AutoCloseable {
  private final Map<String, List<String>> seen = new HashMap<>();
  private final List<SharedIndexInformer<?>> informers;

  States(KubernetesClient client, String namespace) {
    informers =
        List.of(
            client
                .resources(LlmProvider.class)
                .inNamespace(namespace)
                .inform(
                    new Recorder<LlmProvider>(each ->
                        String.valueOf(
                            each.getStatus() == null ? null : each.getStatus().state()))),
            client
                .resources(LlmRoute.class)
                .inNamespace(namespace)
                .inform(
                    new Recorder<LlmRoute>(each ->
                        String.valueOf(
                            each.getStatus() == null ? null : each.getStatus().state()))));
  }

  /** The states of one resource so far, by kind and name, such as {@code LlmRoute/assistant}. */
  synchronized List<String> of(String resource) {
    return List.copyOf(seen.getOrDefault(resource, List.of()));
  }

  private synchronized void record(String resource, String state) {
    List<String> states = seen.computeIfAbsent(resource, _ -> new ArrayList<>());
    if (states.isEmpty() || !states.getLast().equals(state)) {
      states.add(state);
    }
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::stop);
  }

  private final class Recorder<T extends HasMetadata> implements ResourceEventHandler<T> {
    private final Function<T, String> state;

    private Recorder(Function<T, String> state) {
      this.state = state;
    }

    @Override
    public void onAdd(T resource) {
      record(resource.getKind() + "/" + resource.getMetadata().getName(), state.apply(resource));
    }

    @Override
    public void onUpdate(T old, T resource) {
      onAdd(resource);
    }

    @Override
    public void onDelete(T resource, boolean unknown) {
      record(resource.getKind() + "/" + resource.getMetadata().getName(), "(deleted)");
    }
  }
}
