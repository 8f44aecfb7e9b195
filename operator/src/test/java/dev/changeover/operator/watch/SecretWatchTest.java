package dev.changeover.operator.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.contract.ObjectName;
import dev.changeover.operator.MockApiServer;
import dev.changeover.operator.model.SecretView;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of the view where a Secret cannot be read. */
final class SecretWatchTest {
  private static final int MAX = 2;

  /** An API server that lets nobody read Secrets of one name, and fails for another at times. */
  private final MockApiServer server =
      new MockApiServer(
          new KubernetesCrudDispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
              String path = request.getPath();
              if (path.contains("forbidden")) {
                return new MockResponse().setResponseCode(403);
              }
              if (path.contains("flaky") && request.getMethod().equals("GET") && failing) {
                failures.incrementAndGet();
                return new MockResponse().setResponseCode(503);
              }
              return super.dispatch(request);
            }
          });

  private final AtomicInteger failures = new AtomicInteger();
  private volatile boolean failing = true;
  private final KubernetesClient client = server.client();
  private SecretWatch watch;
  private volatile Instant now = Instant.parse("2026-01-01T12:00:00Z");

  @BeforeEach
  void start() {
    List.of("a", "b", "c", "flaky").forEach(this::create);
    watch = new SecretWatch(client, () -> {}, () -> now, MAX);
  }

  @AfterEach
  void stop() {
    watch.close();
    server.close();
  }

  @Test
  void aSecretBeyondTheBoundIsUnreadableAndTheOthersServe() {
    List<SecretView> read = awaitRead("a", "b", "c");
    assertThat(read)
        .extracting(SecretView::values)
        .containsExactly(Map.of("k", "v"), Map.of("k", "v"), Map.of());
    assertThat(read.getLast().unreadable()).contains("more than 2 Secrets are referred to");
    assertThat(awaitRead("c")).extracting(SecretView::unreadable).containsOnly(Optional.empty());
  }

  @Test
  void untilTheFirstViewIsCompleteAnUnreadableSecretHoldsEverythingUpForAWhile() {
    await()
        .during(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(2))
        .until(() -> patience("forbidden", "a").equals(Optional.of(SecretWatch.Patience.ALL_WAIT)));
    now = now.plus(SecretWatch.UNREADABLE_AFTER);
    assertThat(awaitRead("a", "forbidden"))
        .extracting(view -> view.unreadable().isPresent())
        .containsExactly(false, true);
  }

  @Test
  void afterwardsItHoldsNothingUp() {
    awaitRead("a");
    List<SecretView> read = awaitRead("a", "forbidden"); // while the clock stands still
    assertThat(read.getFirst().values()).isEqualTo(Map.of("k", "v"));
    assertThat(read.getLast().unreadable()).contains("the API server refuses it with status 403");
  }

  @Test
  void aFaultThatPassesIsNoAnswer() {
    awaitRead("a");
    await()
        .until(() ->
            patience("flaky", "a").equals(Optional.of(SecretWatch.Patience.ALL_WAIT))
                && failures.get() > 1);
    assertThat(patience("flaky", "a")).contains(SecretWatch.Patience.ALL_WAIT);
    now = now.plus(SecretWatch.FIRST_ANSWER_MAX);
    assertThat(patience("flaky", "a")).contains(SecretWatch.Patience.ITS_PROVIDER_WAITS);
    now = now.plus(SecretWatch.UNREADABLE_AFTER);
    assertThat(awaitRead("a", "flaky").getLast().unreadable())
        .contains("the API server refuses it with status 503");
    failing = false;
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> awaitRead("a", "flaky").getLast().values().equals(Map.of("k", "v")));
  }

  @Test
  void whoMayReadNoSecretAtAllHasSeenNothing() {
    read("forbidden");
    now = now.plus(SecretWatch.UNREADABLE_AFTER);
    assertThat(read("forbidden")).isEmpty();
    assertThat(awaitRead()).isEmpty();
    assertThat(awaitRead("forbidden")).as("nothing was there to lose").hasSize(1);
  }

  private List<SecretView> awaitRead(String... names) {
    return await()
        .until(
            () -> read(names).filter(answers -> answers.awaited().isEmpty()), Optional::isPresent)
        .orElseThrow()
        .views();
  }

  private Optional<SecretWatch.Patience> patience(String name, String... others) {
    List<String> all = new ArrayList<>(List.of(others));
    all.add(name);
    return read(all.toArray(String[]::new))
        .flatMap(
            answers -> Optional.ofNullable(answers.awaited().get(new ObjectName("default", name))));
  }

  private Optional<SecretWatch.Answers> read(String... names) {
    Map<ObjectName, Set<String>> wanted = new TreeMap<>();
    for (String name : names) {
      wanted.put(new ObjectName("default", name), Set.of("k"));
    }
    return watch.read(wanted);
  }

  private void create(String name) {
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .withData(Map.of("k", "dg=="))
                .build())
        .create();
  }
}
