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

  /** Tells what has changed since it was told. */
  void announce() {
    tell(false);
  }

  /** Tells what was told already once more. */
  void repeat() {
    tell(true);
  }

  private void tell(boolean again) {
    telling.lock();
    try {
      HoldSet now = newest.get(); // read under the lock, so that no older one comes after it
      if (again || !now.equals(told)) {
        told = now;
        listeners.forEach(listener -> listener.accept(now));
      }
    } finally {
      telling.unlock();
    }
  }
}
