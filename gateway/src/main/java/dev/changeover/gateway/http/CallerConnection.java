package dev.changeover.gateway.http;

import dev.changeover.gateway.attempt.Caller;
import dev.changeover.gateway.attempt.ReplyHead;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;

/**
 * A caller on its connection. Nothing tells a server that a waiting caller has gone, so {@link
 * PresenceWatch} reads from the connection now and then, while nobody else does: its end is the
 * caller's leaving.
 */
final class CallerConnection implements Caller {
  private static final int PEEKED_BYTES_MAX = 1024;

  private final HttpServletResponse response;
  private final EndPoint endPoint;
  private final BiConsumer<ReplyHead, HttpServletResponse> headers;
  private final CountDownLatch left = new CountDownLatch(1);
  private final List<Runnable> watchers = new ArrayList<>();
  private boolean released;
  private boolean overread;
  private volatile boolean begun;

  CallerConnection(
      HttpServletResponse response,
      EndPoint endPoint,
      BiConsumer<ReplyHead, HttpServletResponse> headers) {
    this.response = response;
    this.endPoint = endPoint;
    this.headers = headers;
  }

  @Override
  public boolean begin(ReplyHead head) {
    if (gone()) {
      return false;
    }
    begun = true;
    if (!head.streamed()) {
      release(); // with a whole answer the caller may send its next request, which is not ours
    }
    response.setStatus(HttpServletResponse.SC_OK);
    headers.accept(head, response);
    closeIfOverread();
    return true;
  }

  @Override
  public boolean send(byte[] bytes) {
    if (gone()) {
      return false;
    }
    try {
      response.getOutputStream().write(bytes);
      response.getOutputStream().flush();
      return true;
    } catch (IOException e) {
      leave(); // whoever does not read, or cannot be reached, has gone
      return false;
    }
  }

  /** Whether an answer has begun. */
  boolean begun() {
    return begun;
  }

  @Override
  public boolean gone() {
    return left.getCount() == 0;
  }

  @Override
  public boolean goneWithin(Duration wait) {
    try {
      return left.await(wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  @Override
  public Watch whenGone(Runnable action) {
    synchronized (watchers) {
      if (!gone()) {
        watchers.add(action);
        return () -> {
          synchronized (watchers) {
            watchers.remove(action);
          }
        };
      }
    }
    action.run();
    return () -> {};
  }

  /** Looks once whether the caller is still there. */
  synchronized void look() {
    if (released || overread || gone()) {
      return;
    }
    ByteBuffer peeked = BufferUtil.allocate(PEEKED_BYTES_MAX);
    int read;
    try {
      read = endPoint.fill(peeked);
    } catch (IOException e) {
      read = -1;
    }
    if (read < 0) {
      leave();
    } else if (read > 0) {
      overread = true; // the next request's beginning: it cannot be given back
      closeIfOverread();
    }
  }

  /** Gives the connection back to the server: from now on nobody looks. */
  synchronized void release() {
    released = true;
    if (overread && response.isCommitted()) {
      endPoint.shutdownOutput();
    }
  }

  private synchronized void closeIfOverread() {
    if (overread && !response.isCommitted()) {
      response.setHeader("connection", "close");
    }
  }

  private void leave() {
    List<Runnable> told;
    synchronized (watchers) {
      left.countDown();
      told = List.copyOf(watchers);
      watchers.clear();
    }
    told.forEach(Runnable::run);
  }
}
