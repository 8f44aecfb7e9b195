package dev.changeover.gateway.http;

import java.util.concurrent.Semaphore;

/** What the bodies of all requests under way may take together. */
final class BodyRoom {
  /**
   * A body is copied as it grows, and written anew for a target: the rest of the heap is for that.
   */
  private static final int SHARE_OF_HEAP = 4;

  private static final int UNIT_BYTES = 1 << 10;

  private final Semaphore free;

  /** Room for so many bytes. */
  BodyRoom(long bytes) {
    free = new Semaphore(Math.toIntExact(Math.ceilDiv(bytes, UNIT_BYTES)));
  }

  /** A quarter of the heap, and never less than one whole body. */
  static BodyRoom ofHeap() {
    return new BodyRoom(
        Math.max(RequestBody.BYTES_MAX, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP));
  }

  /** What one request takes, which is nothing yet. */
  Share share() {
    return new Share();
  }

  /** One request's share; used by one thread. */
  final class Share implements AutoCloseable {
    private int taken;

    /** Takes room for a body that has grown to so many bytes; whether there was room. */
    boolean growTo(int bytes) {
      int more = Math.max(0, Math.ceilDiv(bytes, UNIT_BYTES) - taken);
      if (!free.tryAcquire(more)) {
        return false;
      }
      taken += more;
      return true;
    }

    @Override
    public void close() {
      free.release(taken);
      taken = 0;
    }
  }
}
