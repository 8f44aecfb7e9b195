package dev.changeover.gateway.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server that writes given bytes for each request, then closes after the last ones. */
public final class RawOrigin implements AutoCloseable {
  private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");

  private final ServerSocket socket;
  private final Deque<String> answers;
  private final String greeting;
  private final boolean hangs;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);

  private RawOrigin(String greeting, boolean hangs, List<String> answers) throws IOException {
    this.greeting = greeting;
    this.hangs = hangs;
    this.answers = new ArrayDeque<>(answers);
    socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  public static RawOrigin answering(String... answers) throws IOException {
    return new RawOrigin("", false, List.of(answers));
  }

  public static RawOrigin hanging() throws IOException {
    return new RawOrigin("", true, List.of());
  }

  /** A server that speaks first, and no HTTP. */
  public static RawOrigin greeting(String greeting) throws IOException {
    return new RawOrigin(greeting, true, List.of());
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/v1");
  }

  public List<String> requests() {
    return requests;
  }

  public int connections() {
    return connections.get();
  }

  public void awaitRequest() {
    await(asked);
  }

  public boolean awaitClosed() {
    return await(closed);
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        connections.incrementAndGet();
        open.add(connection);
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      connection.getOutputStream().write(greeting.getBytes(ISO_8859_1));
      while (true) {
        String request = read(connection.getInputStream());
        if (request.isEmpty()) {
          closed.countDown();
          return;
        }
        requests.add(request);
        asked.countDown();
        if (hangs) {
          continue;
        }
        boolean last = answers.size() == 1;
        String answer = last ? answers.getFirst() : answers.pop();
        connection.getOutputStream().write(answer.getBytes(ISO_8859_1));
        connection.getOutputStream().flush();
        if (last) {
          return;
        }
      }
    } catch (IOException e) {
      closed.countDown();
    }
  }

  private static String read(InputStream in) throws IOException {
    var text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        return "";
      }
      text.append((char) b);
    }
    Matcher length = LENGTH.matcher(text);
    if (length.find()) {
      text.append(new String(in.readNBytes(Integer.parseInt(length.group(1))), ISO_8859_1));
    }
    return text.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
    for (Socket connection : open) {
      connection.close();
    }
  }
}
