package dev.changeover.gateway.channel;

import dev.changeover.contract.ChannelMessage.Up;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What waits to be said to one operator: of each kind only the newest, so it cannot grow. What was
 * said stays known, to be said again on the next connection.
 */
final class Outbox {
  /** What can be said, the most urgent first. */
  enum Kind {
    HOLDS,
    ANSWER,
    OWN_HOLDS,
    FIGURES
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Kind, Supplier<Up>> newest = new EnumMap<>(Kind.class);
  private final Set<Kind> waiting = EnumSet.noneOf(Kind.class);
  private boolean woken;

  /** The message is made when it is sent, so that its time is the time of sending. */
  void put(Kind kind, Supplier<Up> message) {
    lock.lock();
    try {
      newest.put(kind, message);
      waiting.add(kind);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** All that was ever said waits again. */
  void again() {
    lock.lock();
    try {
      waiting.addAll(newest.keySet());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends a wait early. */
  void wake() {
    lock.lock();
    try {
      woken = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The most urgent message, or nothing after a while or a wake. */
  Optional<Up> take(Duration wait) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long nanosLeft = wait.toNanos();
      while (waiting.isEmpty() && !woken && nanosLeft > 0) {
        nanosLeft = changed.awaitNanos(nanosLeft);
      }
      woken = false;
      Optional<Kind> kind = waiting.stream().findFirst(); // an EnumSet is in the order of urgency
      kind.ifPresent(waiting::remove);
      return kind.flatMap(one -> Optional.ofNullable(newest.get(one))).map(Supplier::get);
    } finally {
      lock.unlock();
    }
  }
}
