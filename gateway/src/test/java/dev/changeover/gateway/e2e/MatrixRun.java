package dev.changeover.gateway.e2e;

import static org.awaitility.Awaitility.await;

import dev.changeover.gateway.health.HoldInForce;
import dev.changeover.testkit.client.AnswerAudit;
import dev.changeover.testkit.client.ChatCall;
import dev.changeover.testkit.client.ChatResult;
import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.provider.Dialect;
import dev.changeover.testkit.provider.LedgerEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.core.ConditionTimeoutException;

/** All cells played, a few at a time, each on a route and two providers of its own. */
final class MatrixRun implements AutoCloseable {
  private static final int AT_A_TIME = 6;
  private static final Duration RUN_MAX = Duration.ofMinutes(2);
  private static final Duration HOLD_MAX = Duration.ofSeconds(2);

  private final Scene scene = new Scene();
  private final Map<Cell, Finding> findings = new HashMap<>();

  /** Everything that can be seen of one cell from outside. */
  record Finding(
      String first,
      String second,
      ChatResult result,
      List<HoldInForce> holds,
      List<LedgerEntry> atFirst,
      List<LedgerEntry> atSecond,
      List<String> audit,
      Map<String, Double> failed) {}

  private record Answered(ChatResult result, List<HoldInForce> holds) {}

  MatrixRun(List<Cell> cells) {
    List<Cell> played = cells.stream().filter(Cell::applies).toList();
    for (int i = 0; i < played.size(); i++) {
      Cell cell = played.get(i);
      scene.provider(first(i), cell.first()).always(cell.trouble().at(cell.first()));
      scene.provider(second(i), cell.second());
      scene.route(model(i), Scene.ATTEMPTS, first(i), second(i));
    }
    warmUp();
    List<Answered> answers = played(played);
    await().atMost(HOLD_MAX).until(() -> scene.metrics().sum("llm_requests_in_flight") == 0);
    MetricsText metrics = scene.metrics();
    for (int i = 0; i < played.size(); i++) {
      findings.put(played.get(i), finding(i, answers.get(i), metrics));
    }
  }

  Finding finding(Cell cell) {
    return Optional.ofNullable(findings.get(cell)).orElseThrow();
  }

  int played() {
    return findings.size();
  }

  /** Classes are loaded and code is compiled at nobody's cost. */
  private void warmUp() {
    for (Dialect provider : Dialect.values()) {
      String name = warm(provider);
      scene.provider(name, provider);
      scene.route(name, Scene.ATTEMPTS, name);
    }
    scene.apply();
    for (int round = 0; round < 5; round++) {
      for (Dialect provider : Dialect.values()) {
        for (Dialect caller : Dialect.values()) {
          scene.ask(caller, warm(provider), true);
          scene.ask(caller, warm(provider), false);
        }
      }
    }
  }

  private List<Answered> played(List<Cell> cells) {
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME)) {
      List<Future<Answered>> pending = new ArrayList<>();
      for (int i = 0; i < cells.size(); i++) {
        int number = i;
        pending.add(threads.submit(() -> play(number, cells.get(number))));
      }
      List<Answered> answers = new ArrayList<>();
      for (Future<Answered> answer : pending) {
        answers.add(answer.get(RUN_MAX.toSeconds(), TimeUnit.SECONDS));
      }
      return answers;
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Answered play(int number, Cell cell) {
    ChatResult result =
        scene.send(ChatCall.of(cell.caller(), model(number), "#cell" + number, cell.streaming()));
    return new Answered(result, holds(first(number)));
  }

  /** A caller may know of a broken stream a moment before the board does. */
  private List<HoldInForce> holds(String provider) {
    try {
      return await().atMost(HOLD_MAX).until(() -> scene.holds(provider), holds -> !holds.isEmpty());
    } catch (ConditionTimeoutException e) {
      return List.of(); // a finding, for the cell to judge
    }
  }

  private Finding finding(int number, Answered answered, MetricsText metrics) {
    var first = scene.simulated(first(number));
    var second = scene.simulated(second(number));
    List<String> audit =
        answered.result() instanceof Complete complete
            ? AnswerAudit.of(first, second).findings(List.of(complete))
            : List.of();
    return new Finding(
        first(number),
        second(number),
        answered.result(),
        answered.holds(),
        first.ledger().entries(),
        second.ledger().entries(),
        audit,
        metrics.by("llm_requests_failed_total", "reason", "provider", first(number)));
  }

  private static String warm(Dialect provider) {
    return "warm-" + provider.name().toLowerCase(Locale.ROOT);
  }

  private static String first(int number) {
    return "first-" + number;
  }

  private static String second(int number) {
    return "second-" + number;
  }

  private static String model(int number) {
    return "cell-" + number;
  }

  @Override
  public void close() {
    scene.close();
  }
}
