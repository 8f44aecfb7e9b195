package dev.changeover.operator.publish;

import dev.changeover.operator.identity.Authorities;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's own CA in its Secret, and its certificates in a ConfigMap for the gateways. Both
 * are made where they are missing, and a CA that somebody else has put there is taken.
 */
public final class AuthorityStore {
  public static final String NAME = "changeover-ca";
  static final String CERTIFICATES = "ca.crt";
  static final String KEYS = "ca.key";
  private static final int ATTEMPTS_MAX = 5;
  private static final Logger log = LoggerFactory.getLogger(AuthorityStore.class);

  private final KubernetesClient client;
  private final String namespace;
  private final InstantSource clock;
  private final SecureRandom random;
  private final WriteListener listener;
  private volatile Optional<Authorities> current = Optional.empty();
  private boolean failing;

  public AuthorityStore(
      KubernetesClient client,
      String namespace,
      InstantSource clock,
      SecureRandom random,
      WriteListener listener) {
    this.client = client;
    this.namespace = namespace;
    this.clock = clock;
    this.random = random;
    this.listener = listener;
  }

  /**
   * Reads the CA, or makes it; whoever else does so at the same time ends with the same.
   *
   * @throws KubernetesClientException if the API server does not allow it
   * @throws IllegalArgumentException if the Secret holds something else; the message says what
   */
  public void open() {
    for (int attempt = 1; ; attempt++) {
      try {
        keep();
        return;
      } catch (KubernetesClientException e) {
        listener.wrote(result(e));
        if (result(e) != WriteListener.Result.CONFLICT || attempt == ATTEMPTS_MAX) {
          throw e;
        }
      }
    }
  }

  /** Looks after both: puts back what was deleted, and renews what will end. */
  public void look() {
    try {
      keep();
      failing = false;
    } catch (KubernetesClientException | IllegalArgumentException e) {
      if (e instanceof KubernetesClientException refusal) {
        listener.wrote(result(refusal));
      }
      if (!failing) {
        failing = true;
        log.atWarn()
            .addKeyValue("secret", NAME)
            .addKeyValue("fault", e.getMessage())
            .log("the CA cannot be looked after; the one in memory signs on");
      }
    }
  }

  private static WriteListener.Result result(KubernetesClientException refusal) {
    return refusal.getCode() == HttpURLConnection.HTTP_CONFLICT
        ? WriteListener.Result.CONFLICT
        : WriteListener.Result.FAILED;
  }

  /** The CA as it stands; there is none before it was opened. */
  public Authorities current() {
    return current.orElseThrow(() -> new IllegalStateException("the CA was not opened"));
  }

  private synchronized void keep() {
    Instant now = clock.instant();
    Secret stored = client.secrets().inNamespace(namespace).withName(NAME).get();
    Optional<Authorities> read = Optional.ofNullable(stored).map(AuthorityStore::read);
    Authorities wanted =
        read.or(() -> current)
            .map(known -> known.kept(now, random))
            .orElseGet(() -> Authorities.first(now, random));
    if (read.filter(wanted::equals).isEmpty()) {
      store(stored, wanted);
      log.atInfo().addKeyValue("secret", NAME).log("CA stored");
    }
    current = Optional.of(wanted);
    publish(wanted);
  }

  private static Authorities read(Secret secret) {
    Map<String, String> data = secret.getData() == null ? Map.of() : secret.getData();
    try {
      return Authorities.read(decoded(data.get(CERTIFICATES)), decoded(data.get(KEYS)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the Secret %s holds no CA (%s): delete it, and the operator makes a new one"
              .formatted(NAME, e.getMessage()),
          e);
    }
  }

  private static String decoded(@Nullable String base64) {
    return base64 == null
        ? ""
        : new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  private void store(@Nullable Secret stored, Authorities wanted) {
    Map<String, String> data =
        Map.of(
            CERTIFICATES, encoded(wanted.certificatePem()),
            KEYS, encoded(wanted.keyPem()));
    if (stored == null) {
      var fresh =
          new SecretBuilder().withMetadata(metadata()).withType("Opaque").withData(data).build();
      client.secrets().inNamespace(namespace).resource(fresh).create();
    } else {
      var changed = new SecretBuilder(stored).addToData(data).build();
      client.secrets().inNamespace(namespace).resource(changed).update();
    }
    listener.wrote(WriteListener.Result.DONE);
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private void publish(Authorities authorities) {
    Map<String, String> wanted = Map.of(CERTIFICATES, authorities.certificatePem());
    ConfigMap stored = client.configMaps().inNamespace(namespace).withName(NAME).get();
    if (stored != null && Objects.equals(stored.getData(), wanted)) {
      return;
    }
    if (stored == null) {
      var fresh = new ConfigMapBuilder().withMetadata(metadata()).withData(wanted).build();
      client.configMaps().inNamespace(namespace).resource(fresh).create();
    } else {
      var changed = new ConfigMapBuilder(stored).withData(wanted).build();
      client.configMaps().inNamespace(namespace).resource(changed).update();
    }
    listener.wrote(WriteListener.Result.DONE);
  }

  private ObjectMeta metadata() {
    return new ObjectMetaBuilder()
        .withName(NAME)
        .withNamespace(namespace)
        .addToLabels("app.kubernetes.io/managed-by", "changeover")
        .build();
  }
}
