package dev.changeover.local.demo;

import dev.changeover.local.rehearse.Tally;
import dev.changeover.local.rehearse.Traffic;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A line a second: who answered in it, and the count so far. */
final class Ticker implements AutoCloseable {
  private final Screen screen;
  private final Traffic traffic;
  private final List<String> providers;
  private final CountDownLatch end = new CountDownLatch(1);
  private final Thread thread = Thread.ofVirtual().name("ticker").unstarted(this::tick);

  private Ticker(Screen screen, Traffic traffic, List<String> providers) {
    this.screen = screen;
    this.traffic = traffic;
    this.providers = providers;
  }

  static Ticker start(Screen screen, Traffic traffic, List<String> providers) {
    var ticker = new Ticker(screen, traffic, providers);
    ticker.thread.start();
    return ticker;
  }

  @Override
  public void close() {
    end.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tick() {
    Tally before = traffic.tally();
    try {
      for (int second = 1; !end.await(1, TimeUnit.SECONDS); second++) {
        Tally now = traffic.tally();
        screen.line(line(second, now, now.since(before)));
        before = now;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String line(int second, Tally all, Tally lately) {
    StringBuilder line = new StringBuilder("%3d s".formatted(second));
    for (String provider : providers) {
      line.append("   %s %4d".formatted(provider, lately.byProvider().getOrDefault(provider, 0)));
    }
    return line.append(
            "   sent %5d   answered %5d   failed over %5d   lost %d"
                .formatted(all.sent(), all.answered(), all.failedOver(), all.lost()))
        .toString();
  }
}
