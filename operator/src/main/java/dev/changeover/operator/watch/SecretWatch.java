package dev.changeover.operator.watch;

import dev.changeover.contract.ObjectName;
import dev.changeover.operator.model.SecretView;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.HttpURLConnection;
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
import java.util.stream.Collectors;
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

  /** A Secret without an answer may still get one for so long; until then it is awaited. */
  static final Duration UNREADABLE_AFTER = Duration.ofSeconds(30);

  /** An awaited Secret holds everything up no longer than this, once everything was read. */
  static final Duration FIRST_ANSWER_MAX = Duration.ofSeconds(2);

  /** What stays so until somebody does something; every other status is a matter of time. */
  private static final Set<Integer> REFUSALS =
      Set.of(
          HttpURLConnection.HTTP_UNAUTHORIZED,
          HttpURLConnection.HTTP_FORBIDDEN,
          HttpURLConnection.HTTP_NOT_FOUND);

  private static final Logger log = LoggerFactory.getLogger(SecretWatch.class);

  private final KubernetesClient client;
  private final Runnable wake;
  private final InstantSource clock;
  private final int secretsMax;
  private final Map<ObjectName, Watched> watched = new TreeMap<>();
  private boolean readOnce;
  private boolean tooManySaid;
  private boolean blindSaid;

  SecretWatch(KubernetesClient client, Runnable wake, InstantSource clock, int secretsMax) {
    this.client = client;
    this.wake = wake;
    this.clock = clock;
    this.secretsMax = secretsMax;
  }

  /** How long an awaited Secret is waited for, and by whom. */
  enum Patience {
    ALL_WAIT,
    ITS_PROVIDER_WAITS
  }

  /**
   * What became of the Secrets asked for.
   *
   * @param views those that exist, and as unreadable those of which nobody knows
   * @param awaited those of them that have no answer yet
   */
  record Answers(List<SecretView> views, Map<ObjectName, Patience> awaited) {
    Answers {
      views = List.copyOf(views);
      awaited = Map.copyOf(awaited);
    }

    /** Those whose content is known. */
    Set<ObjectName> known() {
      return views.stream()
          .filter(view -> view.unreadable().isEmpty())
          .map(SecretView::name)
          .collect(Collectors.toSet());
    }
  }

  /**
   * What is known of the Secrets asked for; empty if this process has read nothing yet and may read
   * none of them: its own rights are the likely cause, and no provider is to pay for that.
   */
  synchronized Optional<Answers> read(Map<ObjectName, Set<String>> wanted) {
    Set<ObjectName> over = new TreeSet<>(watched.keySet());
    over.removeAll(wanted.keySet());
    over.forEach(name -> {
      Watched gone = watched.remove(name);
      if (gone != null) {
        gone.close();
      }
    });
    List<SecretView> views = new ArrayList<>();
    Map<ObjectName, Patience> awaited = new TreeMap<>();
    for (Map.Entry<ObjectName, Set<String>> one : wanted.entrySet()) {
      switch (reading(one.getKey(), one.getValue())) {
        case Present(SecretView view) -> views.add(view);
        case Absent _ -> {}
        case Awaited(Patience patience, String why) -> {
          views.add(SecretView.unreadable(one.getKey(), why));
          awaited.put(one.getKey(), patience);
        }
        case Unreadable(String why) -> views.add(SecretView.unreadable(one.getKey(), why));
      }
    }
    if (awaited.isEmpty() && isBlind(views, wanted)) {
      return Optional.empty();
    }
    readOnce |= awaited.isEmpty();
    return Optional.of(new Answers(views, awaited));
  }

  private boolean isBlind(List<SecretView> views, Map<ObjectName, Set<String>> wanted) {
    boolean blind =
        !readOnce
            && !wanted.isEmpty()
            && views.stream().filter(view -> view.unreadable().isPresent()).count()
                == wanted.size();
    if (blind && !blindSaid) {
      blindSaid = true;
      log.atError()
          .addKeyValue("secrets", wanted.size())
          .log("no secret can be read; nothing is published until one is");
    }
    return blind;
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

  sealed interface Reading {}

  private record Present(SecretView view) implements Reading {}

  private record Absent() implements Reading {}

  record Awaited(Patience patience, String why) implements Reading {}

  record Unreadable(String why) implements Reading {}

  /** The status that the API server gave instead of a Secret; 0 if it gave none. */
  record Fault(int status) {
    boolean isRefusal() {
      return REFUSALS.contains(status);
    }

    String text() {
      return status == 0
          ? "the API server does not answer"
          : "the API server refuses it with status " + status;
    }
  }

  /**
   * What a Secret without an answer is taken for.
   *
   * @param waited since it was first asked for
   * @param readOnce whether this process has read everything once
   */
  static Reading unanswered(Fault why, Duration waited, boolean readOnce) {
    if (waited.compareTo(UNREADABLE_AFTER) >= 0) {
      return new Unreadable(why.text());
    }
    boolean answerIsYoung = !why.isRefusal() && waited.compareTo(FIRST_ANSWER_MAX) < 0;
    if (!readOnce || answerIsYoung) {
      return new Awaited(Patience.ALL_WAIT, why.text());
    }
    return why.isRefusal()
        ? new Unreadable(why.text())
        : new Awaited(Patience.ITS_PROVIDER_WAITS, why.text());
  }

  /** One Secret by name, and what it last held. */
  private final class Watched implements AutoCloseable {
    private final ObjectName name;
    private final Instant since = clock.instant();
    private final SharedIndexInformer<Secret> informer;
    private Optional<Secret> last = Optional.empty();
    private Optional<Instant> goneAt = Optional.empty();
    private boolean unreadableSaid;

    /** Why it was not read when the API server was asked last; a refusal outlasts other faults. */
    private volatile Fault fault = new Fault(0);

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
              .addEventHandler(new Waker<>(wake));
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
      Fault why = fault;
      Reading unanswered = unanswered(why, Duration.between(since, now), readOnce);
      if (!unanswered.equals(new Awaited(Patience.ALL_WAIT, why.text()))) {
        warn(why);
      }
      return unanswered;
    }

    private void warn(Fault why) {
      if (!unreadableSaid) {
        unreadableSaid = true;
        log.atWarn()
            .addKeyValue("secret", name)
            .addKeyValue("fault", why.text())
            .log("secret not read; it is asked for again");
      }
    }

    private void failed(Throwable refusal) {
      @Nullable Throwable cause = refusal.getCause();
      Throwable first = refusal instanceof CompletionException && cause != null ? cause : refusal;
      var next = new Fault(first instanceof KubernetesClientException said ? said.getCode() : 0);
      if (next.isRefusal() || !fault.isRefusal()) {
        fault = next;
      }
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
    public void close() {
      informer.stop();
    }
  }
}
