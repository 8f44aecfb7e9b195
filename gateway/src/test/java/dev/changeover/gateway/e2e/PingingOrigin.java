package dev.changeover.gateway.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** An origin whose streams open and then hold nothing but pings, for as long as somebody reads. */
final class PingingOrigin implements AutoCloseable {
  private static final long PING_MILLIS = 50;
  private static final int BACKLOG = 8;
  private static final String HEAD =
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
  private static final String PING = "event: ping\ndata: {\"type\": \"ping\"}\n\n";

  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CountDownLatch left = new CountDownLatch(1);

  PingingOrigin() {
    try {
      listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var _ = threads.submit(this::accept);
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /** Whether the client has gone, or goes soon. */
  boolean clientLeft() throws InterruptedException {
    return left.await(2, TimeUnit.SECONDS);
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        var _ = threads.submit(() -> ping(socket));
      }
    } catch (IOException e) {
      closed.countDown(); // the listener was closed
    }
  }

  private void ping(Socket socket) {
    try (socket;
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream()) {
      var _ = in.read(new byte[1 << 16]); // what is asked makes no difference
      out.write(HEAD.getBytes(StandardCharsets.US_ASCII));
      while (!closed.await(PING_MILLIS, TimeUnit.MILLISECONDS)) {
        out.write(PING.getBytes(StandardCharsets.US_ASCII));
        out.flush();
      }
    } catch (IOException e) {
      left.countDown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    threads.shutdownNow();
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
