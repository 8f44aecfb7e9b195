package dev.changeover.local.process;

import dev.changeover.contract.Bundle;
import dev.changeover.testkit.process.MountedFolder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The kubelet's part: what the durable Secret holds is shown in a folder, as often as it changes.
 */
final class SecretMount implements AutoCloseable {
  static final String NAMESPACE = "default";
  static final String NAME = "changeover-config";

  private final MountedFolder folder;
  private final AtomicReference<Optional<Bundle>> shown = new AtomicReference<>(Optional.empty());
  private final Watch watch;

  SecretMount(KubernetesClient client, MountedFolder folder) {
    this.folder = folder;
    watch = client.secrets().inNamespace(NAMESPACE).watch(new Follower());
  }

  /** What the folder shows now. */
  Optional<Bundle> shown() {
    return shown.get();
  }

  @Override
  public void close() {
    watch.close();
  }

  private void show(Secret secret) {
    Map<String, byte[]> files =
        folder.showEncoded(secret.getData() == null ? Map.of() : secret.getData());
    if (files.containsKey(Bundle.DOCUMENT)) {
      shown.set(Optional.of(Bundle.decode(files)));
    }
  }

  private final class Follower implements Watcher<Secret> {
    @Override
    public void eventReceived(Action action, Secret secret) {
      if (secret.getMetadata().getName().equals(NAME) && action != Action.DELETED) {
        show(secret);
      }
    }

    @Override
    public void onClose(WatcherException cause) {}
  }
}
