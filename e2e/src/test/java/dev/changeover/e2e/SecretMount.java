package dev.changeover.e2e;

import dev.changeover.contract.Bundle;
import dev.changeover.testkit.process.MountedFolder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The kubelet's part: what the durable Secret holds is shown in a folder, as often as it changes.
 */
final class SecretMount implements AutoCloseable {
  static final String NAME = "changeover-config";

  private final MountedFolder folder;
  private final AtomicReference<Optional<Bundle>> shown = new AtomicReference<>(Optional.empty());
  private final SharedIndexInformer<Secret> informer;

  SecretMount(KubernetesClient client, String namespace, Path path) {
    folder = new MountedFolder(path);
    informer = client.secrets().inNamespace(namespace).withName(NAME).inform(new Follower());
  }

  Path path() {
    return folder.path();
  }

  /** What the folder shows now. */
  Optional<Bundle> shown() {
    return shown.get();
  }

  @Override
  public void close() {
    informer.stop();
  }

  private void show(Secret secret) {
    Map<String, byte[]> files =
        folder.showEncoded(secret.getData() == null ? Map.of() : secret.getData());
    if (files.containsKey(Bundle.DOCUMENT)) {
      shown.set(Optional.of(Bundle.decode(files)));
    }
  }

  private final class Follower implements ResourceEventHandler<Secret> {
    @Override
    public void onAdd(Secret secret) {
      show(secret);
    }

    @Override
    public void onUpdate(Secret old, Secret secret) {
      show(secret);
    }

    @Override
    public void onDelete(Secret secret, boolean unknown) {}
  }
}
