package dev.changeover.gateway.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Bytes on a connection of their own, and the first reply to them. */
final class RawCaller {
  private static final int REPLY_BYTES_MAX = 1 << 20;
  private static final int TIMEOUT_MILLIS = 15_000;

  private RawCaller() {}

  /** Writes a request piece by piece. */
  @FunctionalInterface
  interface Writing {
    void to(OutputStream out) throws IOException;
  }

  /**
   * A reply.
   *
   * @param status 0 where the connection ended without one
   * @param headers by name in lower case
   * @param closed whether the server ended the connection behind it
   * @param interim whether a 100 came before it
   */
  record Reply(
      int status, Map<String, String> headers, String body, boolean closed, boolean interim) {
    boolean isFinal() {
      return status >= 200;
    }
  }

  static Reply send(int port, byte[] request) throws IOException {
    return send(port, out -> out.write(request));
  }

  /** The same from a caller that ends its side behind the request. */
  static Reply sendAndEnd(int port, byte[] request) throws IOException {
    return send(port, out -> out.write(request), true);
  }

  /** Sends while it reads, as a server may answer before it has everything. */
  static Reply send(int port, Writing request) throws IOException {
    return send(port, request, false);
  }

  private static Reply send(int port, Writing request, boolean end) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      OutputStream out = socket.getOutputStream();
      Thread writer =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  request.to(out);
                  out.flush();
                  if (end) {
                    socket.shutdownOutput();
                  }
                } catch (IOException e) {
                  // The server has heard enough; what it says of it is read below.
                }
              });
      Reply reply = read(socket.getInputStream());
      writer.interrupt();
      return reply;
    }
  }

  private static Reply read(InputStream in) throws IOException {
    Reply reply = readOne(in);
    if (reply.status() == 0 || reply.isFinal()) {
      return reply;
    }
    Reply last = readOne(in);
    return new Reply(last.status(), last.headers(), last.body(), last.closed(), true);
  }

  private static Reply readOne(InputStream in) throws IOException {
    String head = head(in);
    if (!head.startsWith("HTTP/1.1 ")) {
      return new Reply(0, Map.of(), head, true, false);
    }
    String[] lines = head.split("\r\n", -1);
    int status = Integer.parseInt(lines[0].substring(9, 12));
    Map<String, String> headers = new TreeMap<>();
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon > 0 && !line.startsWith("HTTP/")) {
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
    if (status < 200) {
      return new Reply(status, headers, "", false, false);
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "-1"));
    byte[] body = length >= 0 ? in.readNBytes(length) : in.readNBytes(REPLY_BYTES_MAX);
    boolean closed = headers.getOrDefault("connection", "").equalsIgnoreCase("close") || length < 0;
    return new Reply(status, headers, new String(body, StandardCharsets.UTF_8), closed, false);
  }

  private static String head(InputStream in) throws IOException {
    var head = new ByteArrayOutputStream();
    while (head.size() < REPLY_BYTES_MAX) {
      int next = in.read();
      if (next < 0) {
        break;
      }
      head.write(next);
      if (next == '\n' && head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
        break;
      }
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }
}
