package dev.changeover.operator.watch;

import dev.changeover.contract.ObjectName;
import dev.changeover.operator.model.SecretView;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Secrets that providers refer to, and no others: one watch by name for each. Of a Secret only
 * the entries that are referred to are kept.
 */
final class SecretWatch implements AutoCloseable {
  /** Watches at once; what is beyond counts as unread. */
  static final int SECRETS_MAX = 2_000;

  /** A Secret that has disappeared is still taken for what it was for so long. */
  static final Duration ABSENT_AFTER = Duration.ofSeconds(5);

  /** A Secret that cannot be read at all holds everything up for so long, and counts as absent. */
  static final Duration UNREADABLE_AFTER = Duration.ofSeconds(30);

  private static final Logger log = LoggerFactory.getLogger(SecretWatch.class);

  private final KubernetesClient client;
  private final Runnable wake;
  private final InstantSource clock;
  private final Map<ObjectName, Watched> watched = new TreeMap<>();

  SecretWatch(KubernetesClient client, Runnable wake, InstantSource clock) {
    this.client = client;
    this.wake = wake;
    this.clock = clock;
  }

  /** What was read of the Secrets asked for; empty while one of them is still unread. */
  synchronized Optional<List<SecretView>> read(Map<ObjectName, Set<String>> wanted) {
    Set<ObjectName> over = new TreeSet<>(watched.keySet());
    over.removeAll(wanted.keySet());
    over.forEach(name -> {
      Watched gone = watched.remove(name);
      if (gone != null) {
        gone.close();
      }
    });
    List<SecretView> views = new ArrayList<>();
    boolean complete = true;
    for (Map.Entry<ObjectName, Set<String>> one : wanted.entrySet()) {
      Reading reading = watch(one.getKey()).reading(one.getValue());
      switch (reading) {
        case Present(SecretView view) -> views.add(view);
        case Absent _ -> {}
        case Unread _ -> complete = false;
      }
    }
    return complete ? Optional.of(views) : Optional.empty();
  }

  private Watched watch(ObjectName name) {
    if (!watched.containsKey(name) && watched.size() >= SECRETS_MAX) {
      throw new IllegalStateException("more than " + SECRETS_MAX + " Secrets are referred to");
    }
    return watched.computeIfAbsent(name, Watched::new);
  }

  @Override
  public synchronized void close() {
    watched.values().forEach(Watched::close);
    watched.clear();
  }

  private sealed interface Reading {}

  private record Present(SecretView view) implements Reading {}

  private record Absent() implements Reading {}

  private record Unread() implements Reading {}

  /** One Secret by name, and what it last held. */
  private final class Watched implements ResourceEventHandler<Secret>, AutoCloseable {
    private final ObjectName name;
    private final Instant since = clock.instant();
    private final SharedIndexInformer<Secret> informer;
    private Optional<Secret> last = Optional.empty();
    private Optional<Instant> goneAt = Optional.empty();
    private boolean unreadableSaid;

    Watched(ObjectName name) {
      this.name = name;
      this.informer =
          client
              .secrets()
              .inNamespace(name.namespace())
              .withName(name.name())
              .runnableInformer(0)
              .exceptionHandler((_, _) -> true) // it tries again, whatever the fault was
              .addEventHandler(this);
      var _ = informer.start().whenComplete((_, _) -> wake.run());
    }

    /** Asked under the outer lock, so what it remembers has one writer. */
    Reading reading(Set<String> keys) {
      Instant now = clock.instant();
      Optional<Secret> stored = informer.getStore().list().stream().findFirst();
      if (stored.isPresent()) {
        last = stored;
        goneAt = Optional.empty();
      } else if (informer.hasSynced() && last.isPresent()) {
        forget(now);
      }
      if (last.isPresent()) {
        return new Present(view(last.get(), keys));
      }
      if (informer.hasSynced()) {
        return new Absent();
      }
      if (now.isBefore(since.plus(UNREADABLE_AFTER))) {
        return new Unread();
      }
      if (!unreadableSaid) {
        unreadableSaid = true;
        log.atWarn().addKeyValue("secret", name).log("secret cannot be read; it counts as absent");
      }
      return new Absent();
    }

    private void forget(Instant now) {
      Instant gone = goneAt.orElse(now);
      goneAt = Optional.of(gone);
      if (!now.isBefore(gone.plus(ABSENT_AFTER))) {
        last = Optional.empty();
        goneAt = Optional.empty();
      }
    }

    private SecretView view(Secret secret, Set<String> keys) {
      Map<String, String> values = new TreeMap<>();
      Map<String, String> data = secret.getData() == null ? Map.of() : secret.getData();
      keys.forEach(key -> {
        String value = data.get(key);
        if (value != null) {
          values.put(key, decoded(value));
        }
      });
      return new SecretView(name, values);
    }

    private static String decoded(String base64) {
      try {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
      } catch (IllegalArgumentException e) {
        return ""; // no API server lets this in; an empty key is refused further on
      }
    }

    @Override
    public void onAdd(Secret secret) {
      wake.run();
    }

    @Override
    public void onUpdate(Secret before, Secret now) {
      wake.run();
    }

    @Override
    public void onDelete(Secret secret, boolean unknownFinalState) {
      wake.run();
    }

    @Override
    public void close() {
      informer.stop();
    }
  }
}
