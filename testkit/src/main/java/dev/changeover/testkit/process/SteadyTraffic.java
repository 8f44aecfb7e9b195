package dev.changeover.testkit.process;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.testkit.client.ChatCall;
import dev.changeover.testkit.client.ChatClient;
import dev.changeover.testkit.client.ChatResult;
import dev.changeover.testkit.provider.Dialect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/** Callers that ask again and again, in both dialects, with and without streams. */
public final class SteadyTraffic implements AutoCloseable {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(30);
  private static final Duration FLOW_MAX = Duration.ofSeconds(60);

  /** Beyond this a caller stops by itself. */
  private static final int REQUESTS_MAX = 20_000;

  private final String model;
  private final List<ChatClient> clients = new ArrayList<>();
  private final Queue<ChatResult> results = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

  private SteadyTraffic(String model) {
    this.model = model;
  }

  /** So many callers, each going round these origins. */
  public static SteadyTraffic start(
      String model, int callers, List<String> origins, LongSupplier nanoClock) {
    var traffic = new SteadyTraffic(model);
    for (String origin : origins) {
      traffic.clients.add(new ChatClient(origin, "", ANSWER_MAX, nanoClock));
    }
    for (int caller = 0; caller < callers; caller++) {
      int number = caller;
      traffic.callers.execute(() -> traffic.ask(number));
    }
    return traffic;
  }

  private void ask(int caller) {
    for (int n = 0; !stopped.get() && results.size() < REQUESTS_MAX; n++) {
      Dialect dialect = n % 2 == 0 ? Dialect.ANTHROPIC : Dialect.OPENAI;
      boolean streaming = n / 2 % 2 == 0;
      ChatCall call = ChatCall.of(dialect, model, "#c" + caller + "n" + n, streaming);
      results.add(clients.get((caller + n / 4) % clients.size()).send(call));
    }
  }

  public int finished() {
    return results.size();
  }

  /** Waits until so many more requests have ended, none of which was under way before. */
  public void awaitMore(int requests) {
    int enough = finished() + requests;
    await().atMost(FLOW_MAX).until(() -> finished() >= enough);
  }

  /** Lets what is under way end, and gives all results. */
  public List<ChatResult> stop() {
    stopped.set(true);
    callers.shutdown();
    try {
      assertThat(callers.awaitTermination(ANSWER_MAX.toSeconds() + 5, SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return List.copyOf(results);
  }

  @Override
  public void close() {
    stopped.set(true);
    callers.shutdownNow();
    clients.forEach(ChatClient::close);
  }
}
