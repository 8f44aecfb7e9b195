package dev.changeover.operator.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.operator.MockApiServer;
import dev.changeover.operator.identity.Authorities;
import dev.changeover.operator.publish.WriteListener.Result;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operator's own CA, where the API server refuses it or holds another thing. */
final class AuthorityStoreTest {
  private static final int NONE = 0;

  private final MockApiServer server =
      new MockApiServer(
          new KubernetesCrudDispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
              return refusal == NONE
                  ? super.dispatch(request)
                  : new MockResponse().setResponseCode(refusal);
            }
          });
  private final List<Result> results = new ArrayList<>();
  private volatile int refusal = NONE;
  private final KubernetesClient client = server.client();
  private AuthorityStore store;
  private Authorities known;

  @BeforeEach
  void aCaStands() {
    Instant now = Instant.parse("2026-01-01T12:00:00Z");
    store = new AuthorityStore(client, "changeover", () -> now, new SecureRandom(), results::add);
    store.open();
    known = store.current();
    results.clear();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aRefusedLookIsCountedAndTheCaInMemorySignsOn() {
    // Given
    refusal = HttpURLConnection.HTTP_FORBIDDEN;
    // When
    store.look();
    // Then
    assertThat(results).containsExactly(Result.FAILED);
    assertThat(store.current()).isEqualTo(known);
  }

  @Test
  void aConflictIsCountedAsOne() {
    // Given
    refusal = HttpURLConnection.HTTP_CONFLICT;
    // When
    store.look();
    // Then
    assertThat(results).containsExactly(Result.CONFLICT);
  }

  @Test
  void aSecretThatHoldsNoCaIsNoFailedWrite() {
    // Given
    client
        .secrets()
        .inNamespace("changeover")
        .withName(AuthorityStore.NAME)
        .edit(secret -> {
          secret.setData(Map.of(AuthorityStore.CERTIFICATES, base64("nonsense")));
          return secret;
        });
    // When
    store.look();
    // Then
    assertThat(results).isEmpty();
    assertThat(store.current()).isEqualTo(known);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
