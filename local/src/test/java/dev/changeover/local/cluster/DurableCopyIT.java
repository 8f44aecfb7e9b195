package dev.changeover.local.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.changeover.contract.ApiKey;
import dev.changeover.contract.Bundle;
import dev.changeover.contract.Credentials;
import dev.changeover.contract.HoldSet;
import dev.changeover.contract.Revision;
import dev.changeover.operator.publish.DurableCopy;
import dev.changeover.operator.publish.DurableCopy.Outcome;
import dev.changeover.operator.publish.DurableCopy.Raise;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The durable Secret: who may write it, and how often. */
final class DurableCopyIT {
  private final EmbeddedApiServer server = EmbeddedApiServer.start();
  private final KubernetesClient client = server.client();
  private Instant now = Instant.parse("2026-01-01T12:00:00Z");

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void eachLeaderTakesAnEpochAboveAllThatWasStoredOrHeard() {
    assertThat(lead(Revision.NONE).epoch()).isEqualTo(1);
    assertThat(lead(Revision.NONE).epoch()).isEqualTo(2);
    assertThat(lead(new Revision(7, 3)).epoch()).isEqualTo(8);
  }

  @Test
  void whoWasOvertakenIsDeposedByItsNextWrite() {
    DurableCopy first = lead(Revision.NONE);
    assertThat(first.offer(bundle(1, "sk-a"))).isEqualTo(new Outcome.Kept());
    lead(Revision.NONE);
    now = now.plus(Duration.ofMinutes(1));
    assertThat(first.offer(bundle(2, "sk-a"))).isEqualTo(new Outcome.Deposed(2));
  }

  @Test
  void whoWasOvertakenFindsOutThoughItHasNothingToWrite() {
    DurableCopy first = lead(Revision.NONE);
    first.offer(bundle(1, "sk-a"));
    lead(Revision.NONE);
    now = now.plusSeconds(5);
    assertThat(first.offer(bundle(1, "sk-a"))).isEqualTo(new Outcome.Deposed(2));
  }

  @Test
  void whoWasOvertakenDoesNotBidAgainNorWriteWhenItStops() {
    DurableCopy first = lead(Revision.NONE);
    first.offer(bundle(1, "sk-a"));
    lead(Revision.NONE);
    assertThat(first.raise(new Revision(2, 1))).isEqualTo(new Raise.Deposed(2));
    assertThat(first.keep(bundle(2, "sk-a"))).isEqualTo(new Outcome.Deposed(2));
    assertThat(first.keep(bundle(2, "sk-a"))).isEqualTo(new Outcome.Deposed(2));
    assertThat(metadata().getAnnotations()).containsEntry("changeover.dev/epoch", "2");
  }

  @Test
  void aLeaderRaisesItsEpochAboveWhatGatewaysHeardOfOneWhoLeftNoTrace() {
    DurableCopy copy = lead(Revision.NONE);
    assertThat(copy.raise(new Revision(7, 3))).isInstanceOf(Raise.Raised.class);
    assertThat(copy.epoch()).isEqualTo(8);
    assertThat(copy.offer(bundle(1, "sk-a"))).isEqualTo(new Outcome.Kept());
    client.secrets().inNamespace("changeover").withName("changeover-config").delete();
    assertThat(copy.raise(new Revision(9, 1))).isInstanceOf(Raise.Raised.class);
    assertThat(copy.epoch()).isEqualTo(10);
    assertThat(metadata().getAnnotations()).containsEntry("changeover.dev/epoch", "10");
  }

  @Test
  void whatAPersonPutOnTheSecretStaysAndHoldsNoWriteUp() {
    DurableCopy copy = lead(Revision.NONE);
    copy.offer(bundle(1, "sk-a"));
    touch("1");
    assertThat(copy.keep(bundle(2, "sk-a"))).isEqualTo(new Outcome.Kept());
    assertThat(metadata().getAnnotations()).containsEntry("example.com/note", "1");
    touch("2");
    now = now.plusSeconds(30);
    assertThat(copy.offer(bundle(3, "sk-a"))).isEqualTo(new Outcome.Touched());
    assertThat(copy.offer(bundle(3, "sk-a"))).isEqualTo(new Outcome.Kept());
    assertThat(metadata().getAnnotations()).containsEntry("example.com/note", "2");
    var next = new DurableCopy(client, "changeover", () -> now, _ -> {});
    assertThat(next.lead(Revision.NONE).revision()).isEqualTo(new Revision(1, 3));
  }

  private void touch(String note) {
    client
        .secrets()
        .inNamespace("changeover")
        .withName("changeover-config")
        .edit(secret ->
            new SecretBuilder(secret)
                .editMetadata()
                .addToAnnotations("example.com/note", note)
                .endMetadata()
                .build());
  }

  private ObjectMeta metadata() {
    return client
        .secrets()
        .inNamespace("changeover")
        .withName("changeover-config")
        .get()
        .getMetadata();
  }

  @Test
  void theNextLeaderRemembersTheRevisionAndTheHolds() {
    lead(Revision.NONE).offer(bundle(5, "sk-a"));
    var second = new DurableCopy(client, "changeover", () -> now, _ -> {});
    assertThat(second.lead(Revision.NONE).revision()).isEqualTo(new Revision(1, 5));
  }

  @Test
  void aNewKeyWaitsFiveSecondsAndAnythingElseThirty() {
    DurableCopy copy = lead(Revision.NONE);
    copy.offer(bundle(1, "sk-a"));
    assertThat(writesOf(copy, bundle(2, "sk-b"), 4)).isZero();
    assertThat(writesOf(copy, bundle(2, "sk-b"), 1)).isOne();
    assertThat(writesOf(copy, bundle(3, "sk-b"), 29)).isZero();
    assertThat(writesOf(copy, bundle(3, "sk-b"), 1)).isOne();
    assertThat(writesOf(copy, bundle(3, "sk-b"), 600)).isZero();
  }

  @Test
  void whatIsTooLargeForASecretIsNotStored() {
    DurableCopy copy = lead(Revision.NONE);
    var noise = new StringBuilder();
    new Random(1).ints(2_000_000, 'a', 'z').forEach(letter -> noise.append((char) letter));
    var large =
        new Bundle(
            new Revision(1, 1),
            JsonNodeFactory.instance.textNode(noise.toString()),
            Credentials.NONE,
            HoldSet.EMPTY);
    assertThat(copy.offer(large)).isEqualTo(new Outcome.Failed());
    assertThat(copy.tooLarge()).isTrue();
  }

  private long writesOf(DurableCopy copy, Bundle bundle, long secondsLater) {
    now = now.plusSeconds(secondsLater);
    long before = server.writes();
    copy.offer(bundle);
    return server.writes() - before;
  }

  private DurableCopy lead(Revision heard) {
    var copy = new DurableCopy(client, "changeover", () -> now, _ -> {});
    copy.lead(heard);
    return copy;
  }

  private static Bundle bundle(long counter, String key) {
    return new Bundle(
        new Revision(1, counter),
        JsonNodeFactory.instance.objectNode(),
        Credentials.of(Map.of("0123456789ab", new ApiKey(key))),
        HoldSet.EMPTY);
  }
}
