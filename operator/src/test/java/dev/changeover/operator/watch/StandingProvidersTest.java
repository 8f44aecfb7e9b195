package dev.changeover.operator.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.contract.ObjectName;
import dev.changeover.crds.SpecReading;
import dev.changeover.operator.model.ProviderResource;
import dev.changeover.operator.model.SecretView;
import dev.changeover.operator.watch.SecretWatch.Answers;
import dev.changeover.operator.watch.SecretWatch.Patience;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is seen of a provider that has come to name another Secret. */
final class StandingProvidersTest {
  private static final ObjectName OLD = new ObjectName("default", "old");
  private static final ObjectName NEW = new ObjectName("default", "new");
  private static final ProviderResource BEFORE = acme("uid", 1);
  private static final ProviderResource AFTER = acme("uid", 2);
  private static final ProviderResource ANOTHER = acme("another-uid", 2);
  private static final SecretView OLD_READ = new SecretView(OLD, Map.of("k", "v"));
  private static final SecretView NEW_UNREAD = SecretView.unreadable(NEW, "status 503");

  private final StandingProviders standing =
      new StandingProviders(provider -> Set.of(provider.generation() == 1 ? OLD : NEW));

  @Test
  void whoNamesASecretWithoutAnAnswerIsSeenAsItStood() {
    assertThat(seen(BEFORE, OLD_READ)).contains(List.of(BEFORE));
    for (Patience patience : Patience.values()) {
      assertThat(standing.with(List.of(AFTER))).containsExactly(AFTER, BEFORE);
      assertThat(waiting(AFTER, patience)).contains(List.of(BEFORE));
    }
    assertThat(seen(AFTER, new SecretView(NEW, Map.of()))).contains(List.of(AFTER));
    assertThat(standing.with(List.of(AFTER))).containsExactly(AFTER, AFTER);
  }

  @Test
  void whatHasNoAnswerInItsTimeIsSeenAsItIs() {
    seen(BEFORE, OLD_READ);
    assertThat(seen(AFTER, NEW_UNREAD)).contains(List.of(AFTER));
    assertThat(standing.with(List.of(AFTER))).containsExactly(AFTER);
  }

  @Test
  void whoNeverStoodIsWaitedForByAllAndThenSeenAsItIs() {
    assertThat(waiting(AFTER, Patience.ALL_WAIT)).isEmpty();
    assertThat(waiting(AFTER, Patience.ITS_PROVIDER_WAITS)).contains(List.of(AFTER));
  }

  @Test
  void whoWasDeletedAndMadeAnewDoesNotStandAsTheOther() {
    seen(BEFORE, OLD_READ);
    assertThat(waiting(ANOTHER, Patience.ITS_PROVIDER_WAITS)).contains(List.of(ANOTHER));
  }

  private Optional<List<ProviderResource>> seen(ProviderResource provider, SecretView secret) {
    return standing.seen(List.of(provider), new Answers(List.of(secret), Map.of()));
  }

  private Optional<List<ProviderResource>> waiting(ProviderResource provider, Patience patience) {
    return standing.seen(
        List.of(provider), new Answers(List.of(OLD_READ, NEW_UNREAD), Map.of(NEW, patience)));
  }

  private static ProviderResource acme(String uid, long generation) {
    return new ProviderResource(
        new ObjectName("default", "acme"),
        uid,
        generation,
        Instant.EPOCH,
        Map.of(),
        new SpecReading.Unbound<>("generation " + generation),
        Optional.empty());
  }
}
