package dev.changeover.gateway.health;

import dev.changeover.contract.HoldSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Tells listeners of a set that changes; what they hear last is always the newest. */
final class Announcer {
  private final Supplier<HoldSet> newest;
  private final List<Consumer<HoldSet>> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock telling = new ReentrantLock();
  private HoldSet told = HoldSet.EMPTY;

  Announcer(Supplier<HoldSet> newest) {
    this.newest = newest;
  }

  void add(Consumer<HoldSet> listener) {
    listeners.add(listener);
  }

  /** Tells what was told already once more. */
  void repeat() {
    telling.lock();
    try {
      HoldSet now = newest.get();
      told = now;
      listeners.forEach(listener -> listener.accept(now));
    } finally {
      telling.unlock();
    }
  }

  void announce() {
    telling.lock();
    try {
      HoldSet now = newest.get(); // read under the lock, so that no older one comes after it
      if (!now.equals(told)) {
        told = now;
        listeners.forEach(listener -> listener.accept(now));
      }
    } finally {
      telling.unlock();
    }
  }
}
