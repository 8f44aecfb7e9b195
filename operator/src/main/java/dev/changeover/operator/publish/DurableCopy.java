package dev.changeover.operator.publish;

import dev.changeover.contract.Bundle;
import dev.changeover.contract.HoldSet;
import dev.changeover.contract.Revision;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Secret that lets gateways start with no operator, and the operator's own memory of epoch and
 * holds. Every write is a compare-and-set on what this leader wrote last.
 */
public final class DurableCopy {
  public static final String NAME = "changeover-config";
  static final String EPOCH = "changeover.dev/epoch";
  static final Duration USUAL_PACE = Duration.ofSeconds(30);

  /** When a key or a definite hold has changed. */
  static final Duration URGENT_PACE = Duration.ofSeconds(5);

  /** Whether it is still there is asked this often. */
  static final Duration LOOK_PACE = Duration.ofSeconds(5);

  /** A Secret holds 1 MiB; beyond this the copy is no longer renewed. */
  static final int BYTES_MAX = 900_000;

  private static final int ATTEMPTS_MAX = 5;
  private static final Logger log = LoggerFactory.getLogger(DurableCopy.class);

  private final KubernetesClient client;
  private final String namespace;
  private final InstantSource clock;
  private final WriteListener listener;

  private long epoch;

  /** The Secret as it last stood, people's labels and annotations included, without its data. */
  private Optional<Secret> standing = Optional.empty();

  private Optional<Bundle> written = Optional.empty();
  private Instant triedAt = Instant.MIN;
  private Instant lookedAt = Instant.MIN;
  private boolean tooLarge;

  public DurableCopy(
      KubernetesClient client, String namespace, InstantSource clock, WriteListener listener) {
    this.client = client;
    this.namespace = namespace;
    this.clock = clock;
    this.listener = listener;
  }

  /** What an earlier leader left: its revision and the holds that it knew. */
  public record Memory(Revision revision, HoldSet holds) {
    static final Memory NONE = new Memory(Revision.NONE, HoldSet.EMPTY);
  }

  /** What became of a bundle that was offered. */
  public sealed interface Outcome {
    /** It is stored, or waits for its time. */
    record Kept() implements Outcome {}

    /** The API server did not take it; it is tried again later. */
    record Failed() implements Outcome {}

    /** A person has touched the Secret; the next write is on top of that. */
    record Touched() implements Outcome {}

    /** Another leader has written since: this one has lost its place. */
    record Deposed(long byEpoch) implements Outcome {}
  }

  /** What became of a leader that wanted a higher epoch. */
  public sealed interface Raise {
    /** It leads on, in an epoch above all that was heard. */
    record Raised(Memory memory) implements Raise {}

    /** Another leader has written since: this one has lost its place. */
    record Deposed(long byEpoch) implements Raise {}
  }

  /**
   * A leader's first act: takes the next epoch by compare-and-set, and reads what was left.
   *
   * @param heard the highest revision that any gateway told of
   * @throws KubernetesClientException if the API server cannot be asked or does not take it
   */
  public synchronized Memory lead(Revision heard) {
    return switch (claim(heard, Long.MAX_VALUE)) {
      case Raise.Raised(Memory memory) -> memory;
      case Raise.Deposed _ -> throw new IllegalStateException("there is no higher epoch");
    };
  }

  /**
   * The same for who leads already, unless another leader has taken over in the meantime.
   *
   * @throws KubernetesClientException if the API server cannot be asked or does not take it
   */
  public synchronized Raise raise(Revision heard) {
    return claim(heard, epoch);
  }

  /** Takes the next epoch, unless the stored one is above {@code storedMax}. */
  private Raise claim(Revision heard, long storedMax) {
    for (int attempt = 1; ; attempt++) {
      Optional<Secret> existing = read();
      long stored = existing.map(DurableCopy::storedEpoch).orElse(0L);
      if (stored > storedMax) {
        return new Raise.Deposed(stored);
      }
      Memory memory = existing.map(DurableCopy::memory).orElse(Memory.NONE);
      long next = Math.max(Math.max(stored, memory.revision().epoch()), heard.epoch()) + 1;
      try {
        store(existing.map(SecretBuilder::new).orElseGet(this::skeleton), next);
        epoch = next;
        written = Optional.empty();
        triedAt = Instant.MIN;
        return new Raise.Raised(memory);
      } catch (KubernetesClientException e) {
        if (!isConflict(e) || attempt == ATTEMPTS_MAX) {
          listener.wrote(WriteListener.Result.FAILED);
          throw e;
        }
        listener.wrote(WriteListener.Result.CONFLICT);
      }
    }
  }

  private Optional<Secret> read() {
    return Optional.ofNullable(client.secrets().inNamespace(namespace).withName(NAME).get());
  }

  public synchronized long epoch() {
    return epoch;
  }

  /** Whether the last bundle was too large to be stored. */
  public synchronized boolean tooLarge() {
    return tooLarge;
  }

  /** Stores a bundle if it is another than the stored one and its time has come. */
  public synchronized Outcome offer(Bundle bundle) {
    Instant now = clock.instant();
    if (written.filter(bundle::equals).isPresent()) {
      return now.isBefore(lookedAt.plus(LOOK_PACE)) ? new Outcome.Kept() : look(bundle, now);
    }
    boolean due = !now.isBefore(dueAt(bundle));
    return due ? write(bundle, now) : new Outcome.Kept();
  }

  /** Stores a bundle now, if it is another than the stored one: the operator is about to stop. */
  public synchronized Outcome keep(Bundle bundle) {
    if (written.filter(bundle::equals).isPresent()) {
      return new Outcome.Kept();
    }
    Outcome outcome = write(bundle, clock.instant());
    for (int attempt = 2;
        outcome instanceof Outcome.Touched && attempt <= ATTEMPTS_MAX;
        attempt++) {
      outcome = write(bundle, clock.instant());
    }
    return outcome;
  }

  private Instant dueAt(Bundle bundle) {
    boolean usual =
        written
            .filter(last -> last.credentials().equals(bundle.credentials()))
            .filter(last -> last.holds().equals(bundle.holds()))
            .isPresent();
    return triedAt.plus(usual ? USUAL_PACE : URGENT_PACE);
  }

  /** Whether what was written still stands; what somebody has touched is written again. */
  private Outcome look(Bundle bundle, Instant now) {
    lookedAt = now;
    Optional<Secret> existing;
    try {
      existing = read();
    } catch (KubernetesClientException e) {
      return new Outcome.Kept(); // what could not be read is not absent
    }
    long stored = existing.map(DurableCopy::storedEpoch).orElse(0L);
    if (stored > epoch) {
      return new Outcome.Deposed(stored);
    }
    if (existing.isPresent() && version(existing).equals(version(standing))) {
      return new Outcome.Kept();
    }
    standing = existing.map(DurableCopy::withoutData);
    written = Optional.empty();
    return write(bundle, now);
  }

  private static Optional<String> version(Optional<Secret> secret) {
    return secret.map(found -> found.getMetadata().getResourceVersion());
  }

  private Outcome write(Bundle bundle, Instant now) {
    triedAt = now;
    Map<String, byte[]> files = bundle.encode();
    int bytes = files.values().stream().mapToInt(file -> file.length).sum();
    if (bytes > BYTES_MAX) {
      if (!tooLarge) {
        log.atError().addKeyValue("bytes", bytes).log("configuration too large for its Secret");
      }
      tooLarge = true;
      return new Outcome.Failed();
    }
    tooLarge = false;
    Map<String, String> data = new TreeMap<>();
    files.forEach((name, file) -> data.put(name, Base64.getEncoder().encodeToString(file)));
    try {
      store(standing.map(SecretBuilder::new).orElseGet(this::skeleton).withData(data), epoch);
      written = Optional.of(bundle);
      return new Outcome.Kept();
    } catch (KubernetesClientException e) {
      return refused(e);
    }
  }

  private Outcome refused(KubernetesClientException refusal) {
    if (!isConflict(refusal)) {
      listener.wrote(WriteListener.Result.FAILED);
      log.atWarn()
          .addKeyValue("secret", NAME)
          .addKeyValue("status", refusal.getCode())
          .log("durable copy not written; it is tried again");
      return new Outcome.Failed();
    }
    listener.wrote(WriteListener.Result.CONFLICT);
    try {
      Optional<Secret> existing = read();
      long stored = existing.map(DurableCopy::storedEpoch).orElse(0L);
      if (stored > epoch) {
        return new Outcome.Deposed(stored); // what stands is not ours, so no write may follow it
      }
      standing = existing.map(DurableCopy::withoutData);
      triedAt = Instant.MIN; // a person's label or annotation; the next pass writes again
      return new Outcome.Touched();
    } catch (KubernetesClientException e) {
      log.atWarn().addKeyValue("secret", NAME).log("durable copy cannot be read");
      return new Outcome.Failed();
    }
  }

  /** Creates what does not stand; otherwise replaces what stood at the builder's version. */
  private void store(SecretBuilder secret, long newEpoch) {
    Secret wanted =
        secret
            .editMetadata()
            .addToAnnotations(EPOCH, Long.toString(newEpoch))
            .addToLabels("app.kubernetes.io/managed-by", "changeover")
            .withManagedFields()
            .endMetadata()
            .build();
    var resource = client.secrets().inNamespace(namespace).resource(wanted);
    boolean isNew = wanted.getMetadata().getResourceVersion() == null;
    standing = Optional.of(withoutData(isNew ? resource.create() : resource.update()));
    listener.wrote(WriteListener.Result.DONE);
  }

  private static Secret withoutData(Secret secret) {
    return new SecretBuilder(secret).withData(Map.of()).withStringData(Map.of()).build();
  }

  private SecretBuilder skeleton() {
    return new SecretBuilder()
        .withType("Opaque")
        .withNewMetadata()
        .withName(NAME)
        .withNamespace(namespace)
        .endMetadata();
  }

  private static boolean isConflict(KubernetesClientException e) {
    return e.getCode() == HttpURLConnection.HTTP_CONFLICT
        || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND;
  }

  private static long storedEpoch(Secret secret) {
    if (secret.getMetadata().getAnnotations() == null) {
      return 0;
    }
    String text = secret.getMetadata().getAnnotations().getOrDefault(EPOCH, "0");
    try {
      return Math.max(0, Long.parseLong(text));
    } catch (NumberFormatException e) {
      return 0; // a person's hand; the bundle's own revision still counts
    }
  }

  private static Memory memory(Secret secret) {
    Map<String, byte[]> files = new TreeMap<>();
    Map<String, String> data = secret.getData() == null ? Map.of() : secret.getData();
    try {
      data.forEach((name, value) -> files.put(name, Base64.getDecoder().decode(value)));
      Bundle bundle = Bundle.decode(files);
      return new Memory(bundle.revision(), bundle.holds());
    } catch (IllegalArgumentException e) {
      log.atWarn()
          .addKeyValue("secret", NAME)
          .addKeyValue("fault", e.getMessage())
          .log("durable copy holds nothing readable");
      return Memory.NONE;
    }
  }
}
