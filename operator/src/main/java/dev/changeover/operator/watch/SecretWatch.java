package dev.changeover.operator.watch;

import dev.changeover.contract.ObjectName;
import dev.changeover.operator.model.SecretView;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
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
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Secrets that providers refer to, and no others: one watch by name for each. Of a Secret only
 * the entries that are referred to are kept.
 */
final class SecretWatch implements AutoCloseable {
  /** Watches at once; what is beyond cannot be read. */
  static final int SECRETS_MAX = 2_000;

  /** A Secret that has disappeared is still taken for what it was for so long. */
  static final Duration ABSENT_AFTER = Duration.ofSeconds(5);

  /** Until everything was read once, one Secret that cannot be read holds all up for so long. */
  static final Duration UNREADABLE_AFTER = Duration.ofSeconds(30);

  /** Afterwards only the first answer about a Secret is waited for, and no longer than this. */
  static final Duration FIRST_ANSWER_MAX = Duration.ofSeconds(2);

  private static final Logger log = LoggerFactory.getLogger(SecretWatch.class);

  private final KubernetesClient client;
  private final Runnable wake;
  private final InstantSource clock;
  private final int secretsMax;
  private final Map<ObjectName, Watched> watched = new TreeMap<>();
  private boolean readOnce;
  private boolean tooManySaid;

  SecretWatch(KubernetesClient client, Runnable wake, InstantSource clock, int secretsMax) {
    this.client = client;
    this.wake = wake;
    this.clock = clock;
    this.secretsMax = secretsMax;
  }

  /** What was read of the Secrets asked for; empty while one of them is still waited for. */
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
      switch (reading(one.getKey(), one.getValue())) {
        case Present(SecretView view) -> views.add(view);
        case Absent _ -> {}
        case Unread _ -> complete = false;
        case Unreadable(String why) -> views.add(SecretView.unreadable(one.getKey(), why));
      }
    }
    readOnce |= complete;
    return complete ? Optional.of(views) : Optional.empty();
  }

  private Reading reading(ObjectName name, Set<String> keys) {
    Watched known = watched.get(name);
    if (known != null) {
      return known.reading(keys);
    }
    if (watched.size() >= secretsMax) {
      if (!tooManySaid) {
        tooManySaid = true;
        log.atError()
            .addKeyValue("secret", name)
            .addKeyValue("max", secretsMax)
            .log("too many secrets are referred to; those beyond the limit are not read");
      }
      return new Unreadable("more than " + secretsMax + " Secrets are referred to");
    }
    Watched begun = new Watched(name);
    watched.put(name, begun);
    return begun.reading(keys);
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

  private record Unreadable(String why) implements Reading {}

  /** One Secret by name, and what it last held. */
  private final class Watched implements ResourceEventHandler<Secret>, AutoCloseable {
    private final ObjectName name;
    private final Instant since = clock.instant();
    private final SharedIndexInformer<Secret> informer;
    private Optional<Secret> last = Optional.empty();
    private Optional<Instant> goneAt = Optional.empty();
    private boolean unreadableSaid;

    /** What the API server answered when it was asked last, if that was a refusal. */
    private volatile Optional<String> fault = Optional.empty();

    Watched(ObjectName name) {
      this.name = name;
      this.informer =
          client
              .secrets()
              .inNamespace(name.namespace())
              .withName(name.name())
              .runnableInformer(0)
              .exceptionHandler((_, refusal) -> {
                failed(refusal);
                return true; // it tries again, whatever the fault was
              })
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
      boolean waitedFor =
          readOnce
              ? fault.isEmpty() && now.isBefore(since.plus(FIRST_ANSWER_MAX))
              : now.isBefore(since.plus(UNREADABLE_AFTER));
      return waitedFor ? new Unread() : unreadable();
    }

    private Unreadable unreadable() {
      String why = fault.orElse("the API server does not answer");
      if (!unreadableSaid) {
        unreadableSaid = true;
        log.atWarn().addKeyValue("secret", name).addKeyValue("fault", why).log("secret not read");
      }
      return new Unreadable(why);
    }

    private void failed(Throwable refusal) {
      @Nullable Throwable cause = refusal.getCause();
      Throwable first = refusal instanceof CompletionException && cause != null ? cause : refusal;
      int status = first instanceof KubernetesClientException refused ? refused.getCode() : 0;
      fault =
          Optional.of(
              status == 0
                  ? "the API server does not answer"
                  : "the API server refuses it with status " + status);
      wake.run();
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
