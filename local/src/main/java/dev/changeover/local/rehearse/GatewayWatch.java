package dev.changeover.local.rehearse;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;

/** What one gateway was seen to do towards the provider that is banned, in nanoseconds. */
public final class GatewayWatch {
  /** The most attempts remembered; a rehearsal makes at most four a request. */
  private static final int ATTEMPTS_MAX = 4 * TrafficPlan.REQUESTS_MAX;

  private final ReentrantLock writing = new ReentrantLock();
  private final List<Long> attempts = new ArrayList<>();
  private OptionalLong held = OptionalLong.empty();

  /** The gateway holds the provider from now on; only the first word of it counts. */
  public void held(long nanos) {
    writing.lock();
    try {
      if (held.isEmpty()) {
        held = OptionalLong.of(nanos);
      }
    } finally {
      writing.unlock();
    }
  }

  /** An attempt at the provider was begun at this time. */
  public void attempted(long nanos) {
    writing.lock();
    try {
      if (attempts.size() < ATTEMPTS_MAX) {
        attempts.add(nanos);
      }
    } finally {
      writing.unlock();
    }
  }

  /** Since when the gateway holds the provider. */
  public OptionalLong heldSince() {
    writing.lock();
    try {
      return held;
    } finally {
      writing.unlock();
    }
  }

  /** How many attempts were begun after the gateway knew, and before a time. */
  int lateAttempts(long before) {
    writing.lock();
    try {
      return (int)
          attempts.stream()
              .filter(at -> held.isPresent() && at - held.getAsLong() > 0 && at - before < 0)
              .count();
    } finally {
      writing.unlock();
    }
  }

  int attempts() {
    writing.lock();
    try {
      return attempts.size();
    } finally {
      writing.unlock();
    }
  }
}
