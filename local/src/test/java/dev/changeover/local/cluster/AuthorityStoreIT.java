package dev.changeover.local.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.changeover.operator.identity.Authorities;
import dev.changeover.operator.publish.AuthorityStore;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The operator's own CA: made once, put back, renewed. */
final class AuthorityStoreIT {
  private static final String NAMESPACE = "changeover";
  private final EmbeddedApiServer server = EmbeddedApiServer.start();
  private final KubernetesClient client = server.client();
  private volatile Instant now = Instant.parse("2026-01-01T12:00:00Z");

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void manyWhoOpenItAtOnceEndWithTheSame() {
    List<Authorities> opened =
        Stream.generate(this::store)
            .limit(4)
            .parallel()
            .map(store -> {
              store.open();
              return store.current();
            })
            .distinct()
            .toList();
    assertThat(opened).hasSize(1);
    assertThat(published()).isEqualTo(opened.getFirst().certificatePem());
    assertThat(secret().getData()).containsOnlyKeys("ca.crt", "ca.key");
  }

  @Test
  void aSecondLookWritesNothing() {
    AuthorityStore store = store();
    store.open();
    long before = server.writes();
    store.look();
    store().open();
    assertThat(server.writes()).isEqualTo(before);
  }

  @Test
  void whatWasDeletedOrChangedIsPutBack() {
    AuthorityStore store = store();
    store.open();
    Authorities known = store.current();
    client.secrets().inNamespace(NAMESPACE).withName(AuthorityStore.NAME).delete();
    client.configMaps().inNamespace(NAMESPACE).withName(AuthorityStore.NAME).delete();
    store.look();
    assertThat(store.current()).isEqualTo(known);
    assertThat(store2Reads()).isEqualTo(known);
    client
        .configMaps()
        .inNamespace(NAMESPACE)
        .withName(AuthorityStore.NAME)
        .edit(map -> {
          map.setData(Map.of("ca.crt", "spoilt"));
          return map;
        });
    store.look();
    assertThat(published()).isEqualTo(known.certificatePem());
  }

  @Test
  void itIsRenewedLongBeforeItsEndAndTheOldOneStaysTrusted() {
    AuthorityStore store = store();
    store.open();
    String first = published();
    now = now.plus(Duration.ofDays(2 * 365 + 1));
    store.look();
    assertThat(store.current().newestFirst()).hasSize(2);
    assertThat(published()).endsWith(first).isNotEqualTo(first);
    assertThat(store2Reads()).isEqualTo(store.current());
  }

  @Test
  void anothersCaIsTakenAndWhatIsNoneIsRefusedAtTheStartOnly() {
    AuthorityStore store = store();
    store.open();
    Authorities theirs = Authorities.first(now, new SecureRandom());
    replace(theirs.certificatePem(), theirs.keyPem());
    store.look();
    assertThat(store.current()).isEqualTo(theirs);
    replace("nonsense", theirs.keyPem());
    store.look();
    assertThat(store.current()).isEqualTo(theirs);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store().open())
        .withMessageContaining("delete it")
        .satisfies(e -> assertThat(String.valueOf(e.getMessage())).doesNotContain("PRIVATE"));
  }

  private Authorities store2Reads() {
    AuthorityStore another = store();
    another.open();
    return another.current();
  }

  private void replace(String certificates, String key) {
    client
        .secrets()
        .inNamespace(NAMESPACE)
        .resource(
            new SecretBuilder(secret())
                .withData(Map.of("ca.crt", encoded(certificates), "ca.key", encoded(key)))
                .build())
        .update();
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private Secret secret() {
    return client.secrets().inNamespace(NAMESPACE).withName(AuthorityStore.NAME).get();
  }

  private String published() {
    return Objects.requireNonNull(
        client
            .configMaps()
            .inNamespace(NAMESPACE)
            .withName(AuthorityStore.NAME)
            .get()
            .getData()
            .get("ca.crt"));
  }

  private AuthorityStore store() {
    return new AuthorityStore(client, NAMESPACE, () -> now, new SecureRandom(), _ -> {});
  }
}
