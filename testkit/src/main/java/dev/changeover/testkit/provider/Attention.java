package dev.changeover.testkit.provider;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** One connection's waits, which the client's leaving, a ban or the provider's end cut short. */
final class Attention {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition something = lock.newCondition();
  private boolean clientLeft;
  private boolean closed;

  /** Why a wait is over. */
  enum Cause {
    TIME_OVER,
    CUT_SHORT,
    CLIENT_LEFT,
    CLOSED
  }

  void clientLeft() {
    lock.lock();
    try {
      clientLeft = true;
      something.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      something.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Lets a wait look again at what may cut it short. */
  void wake() {
    lock.lock();
    try {
      something.signalAll();
    } finally {
      lock.unlock();
    }
  }

  Cause pause(Duration duration, BooleanSupplier cutShort) {
    lock.lock();
    try {
      long left = duration.toNanos();
      while (true) {
        if (closed) {
          return Cause.CLOSED;
        }
        if (cutShort.getAsBoolean()) {
          return Cause.CUT_SHORT;
        }
        if (clientLeft) {
          return Cause.CLIENT_LEFT;
        }
        if (left <= 0) {
          return Cause.TIME_OVER;
        }
        left = something.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Cause.CLOSED;
    } finally {
      lock.unlock();
    }
  }
}
