package dev.changeover.local.rehearse;

import dev.changeover.testkit.client.ChatCall;
import dev.changeover.testkit.client.ChatClient;
import dev.changeover.testkit.client.ChatResult;
import dev.changeover.testkit.client.ChatResult.Broken;
import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.client.ChatResult.HonestError;
import dev.changeover.testkit.client.ChatResult.Left;
import dev.changeover.testkit.client.ChatResult.Reply;
import dev.changeover.testkit.provider.Dialect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** Callers at work: each sends its next request when it has the answer to the one before. */
public final class Traffic implements AutoCloseable {
  private static final Dialect[] DIALECTS = Dialect.values();

  private final TrafficPlan plan;
  private final List<ChatClient> gateways;
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger numbers = new AtomicInteger();
  private final ReentrantLock counting = new ReentrantLock();
  private final Condition counted = counting.newCondition();
  private final List<ChatResult> results = new ArrayList<>(); // at most the plan's requests
  private Tally tally = Tally.NONE;

  private Traffic(TrafficPlan plan, List<ChatClient> gateways) {
    this.plan = plan;
    this.gateways = gateways;
  }

  /** Traffic that has begun; each gateway is named by its URL. */
  public static Traffic start(TrafficPlan plan, List<String> gateways, LongSupplier nanoClock) {
    var traffic =
        new Traffic(
            plan,
            gateways.stream()
                .map(url -> new ChatClient(url, "", plan.answerMax(), nanoClock))
                .toList());
    for (int i = 0; i < plan.atOnce(); i++) {
      traffic.callers.execute(traffic::call);
    }
    return traffic;
  }

  /** The count at this moment. */
  public Tally tally() {
    counting.lock();
    try {
      return tally;
    } finally {
      counting.unlock();
    }
  }

  /** Waits until so many requests are sent; false if that takes too long. */
  public boolean awaitSent(int requests, Duration max) throws InterruptedException {
    return await(requests, max, false);
  }

  /** Waits for the last answer; false if that takes too long. */
  public boolean awaitEnd(Duration max) throws InterruptedException {
    return await(plan.requests(), max, true);
  }

  /** All results so far. */
  public List<ChatResult> results() {
    counting.lock();
    try {
      return List.copyOf(results);
    } finally {
      counting.unlock();
    }
  }

  @Override
  public void close() {
    callers.shutdownNow();
    gateways.forEach(ChatClient::close);
    callers.close();
  }

  private boolean await(int requests, Duration max, boolean ended) throws InterruptedException {
    long nanosLeft = max.toNanos();
    counting.lockInterruptibly();
    try {
      while ((ended ? results.size() : tally.sent()) < requests) {
        if (nanosLeft <= 0) {
          return false;
        }
        nanosLeft = counted.awaitNanos(nanosLeft);
      }
      return true;
    } finally {
      counting.unlock();
    }
  }

  private void call() {
    for (int n = numbers.getAndIncrement(); n < plan.requests(); n = numbers.getAndIncrement()) {
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
      ChatCall call = call(n);
      sent();
      ended(gateways.get(n % gateways.size()).send(call));
    }
  }

  /** Dialect, then streaming or not, change in a rhythm that meets each gateway with each. */
  private ChatCall call(int number) {
    int turn = number / gateways.size();
    Dialect dialect = DIALECTS[turn % DIALECTS.length];
    boolean streaming = turn / DIALECTS.length % 2 == 0;
    ChatCall call = ChatCall.of(dialect, plan.model(), "#r" + number, streaming);
    return plan.failover() ? call : call.with("x-changeover-failover", "off");
  }

  private void sent() {
    counting.lock();
    try {
      tally = tally.oneMoreSent();
      counted.signalAll();
    } finally {
      counting.unlock();
    }
  }

  private void ended(ChatResult result) {
    counting.lock();
    try {
      results.add(result);
      tally =
          switch (result) {
            case Complete(Reply reply, String _, String _, ChatResult.Usage _) -> {
              boolean elsewhere = !reply.reason().isEmpty();
              yield tally.oneMoreAnswered(
                  shortName(reply.provider()), elsewhere, elsewhere && reply.attempts() > 1);
            }
            case HonestError _, Broken _, Left _ -> tally.oneMoreLost();
          };
      counted.signalAll();
    } finally {
      counting.unlock();
    }
  }

  private static String shortName(String provider) {
    return provider.substring(provider.lastIndexOf('/') + 1);
  }
}
