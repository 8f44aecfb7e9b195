package dev.changeover.local.process;

import dev.changeover.crds.LlmProvider;
import dev.changeover.crds.LlmRoute;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Every state that a watch has seen of each resource, in order, repeats left out. */
final class RecordedStates implements AutoCloseable {
  private static final String NONE = "(no status)";

  private final Map<String, List<String>> seen = new HashMap<>();
  private final List<Watch> watches;

  RecordedStates(KubernetesClient client) {
    watches =
        List.of(
            client
                .resources(LlmProvider.class)
                .inAnyNamespace()
                .watch(
                    new Recorder<LlmProvider>(
                        each -> each.getStatus() == null ? null : each.getStatus().state())),
            client
                .resources(LlmRoute.class)
                .inAnyNamespace()
                .watch(
                    new Recorder<LlmRoute>(
                        each -> each.getStatus() == null ? null : each.getStatus().state())));
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
    watches.forEach(Watch::close);
  }

  private final class Recorder<T extends HasMetadata> implements Watcher<T> {
    private final Function<T, @Nullable String> state;

    private Recorder(Function<T, @Nullable String> state) {
      this.state = state;
    }

    @Override
    public void eventReceived(Action action, T resource) {
      String now = state.apply(resource);
      record(resource.getKind() + "/" + resource.getMetadata().getName(), now == null ? NONE : now);
    }

    @Override
    public void onClose(WatcherException cause) {}
  }
}
