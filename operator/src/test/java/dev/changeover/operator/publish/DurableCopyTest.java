package dev.changeover.operator.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.contract.Bundle;
import dev.changeover.contract.ContractJson;
import dev.changeover.contract.Credentials;
import dev.changeover.contract.HoldSet;
import dev.changeover.contract.Revision;
import dev.changeover.operator.MockApiServer;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import java.time.Instant;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The durable copy, where somebody else writes to its Secret. */
final class DurableCopyTest {
  private static final Bundle BUNDLE =
      new Bundle(new Revision(1, 1), ContractJson.tree(Map.of()), Credentials.NONE, HoldSet.EMPTY);

  private final MockApiServer server = new MockApiServer(new KubernetesCrudDispatcher());
  private final KubernetesClient client = server.client();
  private DurableCopy copy;
  private Instant now = Instant.parse("2026-01-01T12:00:00Z");

  @BeforeEach
  void aCopyStands() {
    copy = new DurableCopy(client, "changeover", () -> now, _ -> {});
    copy.lead(Revision.NONE);
    offer();
    assertThat(stored().getData()).containsKeys(Bundle.DOCUMENT, Bundle.DIGEST);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void whatSomebodyHasWrittenOverIsWrittenAgain() {
    // Given
    Map<String, String> ours = stored().getData();
    edit(secret -> secret.withData(Map.of(Bundle.DOCUMENT, "Z2FyYmFnZQ==")));
    // When
    offer();
    // Then
    assertThat(stored().getData()).isEqualTo(ours);
    assertThat(stored().getMetadata().getLabels()).containsEntry("touched", "by-hand");
    String version = stored().getMetadata().getResourceVersion();
    offer();
    assertThat(stored().getMetadata().getResourceVersion()).isEqualTo(version);
  }

  @Test
  void whatALaterLeaderHasWrittenStays() {
    edit(secret ->
        secret
            .withData(Map.of())
            .editMetadata()
            .addToAnnotations(DurableCopy.EPOCH, "7")
            .endMetadata());
    assertThat(offer()).isEqualTo(new DurableCopy.Outcome.Deposed(7));
    assertThat(stored().getData()).isNullOrEmpty();
  }

  private DurableCopy.Outcome offer() {
    now = now.plus(DurableCopy.LOOK_PACE);
    return copy.offer(BUNDLE);
  }

  private void edit(UnaryOperator<SecretBuilder> change) {
    Secret touched =
        change
            .apply(new SecretBuilder(stored()))
            .editMetadata()
            .addToLabels("touched", "by-hand")
            .endMetadata()
            .build();
    client.resource(touched).update();
  }

  private Secret stored() {
    return client.secrets().inNamespace("changeover").withName(DurableCopy.NAME).get();
  }
}
