package dev.changeover.operator;

import dev.changeover.operator.publish.AuthorityStore;
import dev.changeover.operator.watch.ClusterKeysReader;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after what the channel's door rests on: the operator's own CA and the cluster's keys. */
final class DoorKeeper implements AutoCloseable {
  private static final Duration PACE = Duration.ofSeconds(60);

  /** However many tokens name unknown keys, the API server is asked no more often. */
  private static final Duration PACE_MIN = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(DoorKeeper.class);

  private final AuthorityStore authorities;
  private final ClusterKeysReader keys;
  private final Wakeups wakeups = new Wakeups();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = Thread.ofVirtual().name("door-keeper").unstarted(this::run);

  DoorKeeper(AuthorityStore authorities, ClusterKeysReader keys) {
    this.authorities = authorities;
    this.keys = keys;
  }

  void start() {
    thread.start();
  }

  /** Has the cluster's keys read soon. */
  void unknownKey() {
    wakeups.wake();
  }

  @Override
  public void close() {
    closed.countDown();
    wakeups.wake();
  }

  private void run() {
    try {
      while (!closed.await(PACE_MIN.toNanos(), TimeUnit.NANOSECONDS)) {
        wakeups.await(PACE.minus(PACE_MIN));
        if (closed.getCount() > 0) {
          look();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try {
      keys.read();
      authorities.look();
    } catch (RuntimeException e) {
      log.atError().setCause(e).log("door not looked after; it is tried again");
    }
  }
}
