package dev.changeover.testkit.provider;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Reads HTTP/1.1 requests off one connection, strictly and within bounds. */
final class RequestReader {
  static final int LINE_BYTES_MAX = 16 << 10;
  static final int HEADERS_MAX = 200;
  static final int BODY_BYTES_MAX = 40 << 20;

  private final InputStream in;
  private final OutputStream out;
  private final LongSupplier nanoClock;
  private final BooleanSupplier busy;

  /**
   * A reader that waits longer than the socket's timeout only while a request is being answered.
   */
  RequestReader(Socket socket, LongSupplier nanoClock, BooleanSupplier busy) throws IOException {
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
    this.nanoClock = nanoClock;
    this.busy = busy;
  }

  /** The next request; empty when the client has closed the connection between two. */
  Optional<ReceivedRequest> next() throws IOException {
    int first = firstByte();
    if (first < 0) {
      return Optional.empty();
    }
    String[] start = ((char) first + line()).split(" ", -1);
    if (start.length != 3 || !start[1].startsWith("/") || !start[2].equals("HTTP/1.1")) {
      throw new BadRequestException(400, "malformed request line");
    }
    Map<String, String> headers = headers();
    long arrivalNanos = nanoClock.getAsLong();
    if (headers.getOrDefault("expect", "").equalsIgnoreCase("100-continue")) {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
    return Optional.of(
        new ReceivedRequest(start[0], start[1], headers, body(headers), arrivalNanos));
  }

  private int firstByte() throws IOException {
    while (true) {
      try {
        return in.read();
      } catch (SocketTimeoutException e) {
        if (!busy.getAsBoolean()) {
          throw e;
        }
      }
    }
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 1
          || line.substring(0, colon).isBlank()
          || Character.isWhitespace(line.charAt(0))) {
        throw new BadRequestException(400, "malformed header");
      }
      if (headers.size() == HEADERS_MAX) {
        throw new BadRequestException(431, "too many headers");
      }
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      headers.merge(name, line.substring(colon + 1).strip(), (old, more) -> old + ", " + more);
    }
    return headers;
  }

  private Body body(Map<String, String> headers) throws IOException {
    String coding = headers.getOrDefault("transfer-encoding", "");
    String length = headers.getOrDefault("content-length", "");
    if (!coding.isEmpty()) {
      if (!coding.equalsIgnoreCase("chunked") || !length.isEmpty()) {
        throw new BadRequestException(400, "unclear framing");
      }
      return chunks();
    }
    if (length.isEmpty()) {
      return Body.EMPTY;
    }
    if (!length.matches("\\d{1,10}")) {
      throw new BadRequestException(400, "malformed content-length");
    }
    return new Body(exactly(Long.parseLong(length)));
  }

  private Body chunks() throws IOException {
    var whole = new ByteArrayOutputStream();
    while (true) {
      String size = line();
      if (!size.matches("[0-9A-Fa-f]{1,8}")) {
        throw new BadRequestException(400, "malformed chunk");
      }
      int length = Integer.parseUnsignedInt(size, 16);
      if (length < 0 || whole.size() + (long) length > BODY_BYTES_MAX) {
        throw new BadRequestException(413, "body too large");
      }
      if (length == 0) {
        headers(); // trailers
        return new Body(whole.toByteArray());
      }
      whole.writeBytes(exactly(length));
      if (!line().isEmpty()) {
        throw new BadRequestException(400, "malformed chunk end");
      }
    }
  }

  private byte[] exactly(long length) throws IOException {
    if (length > BODY_BYTES_MAX) {
      throw new BadRequestException(413, "body too large");
    }
    byte[] bytes = in.readNBytes((int) length);
    if (bytes.length < length) {
      throw new EOFException("the client closed inside a body");
    }
    return bytes;
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    while (true) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the client closed inside a head");
      }
      if (next == '\n') {
        throw new BadRequestException(400, "bare line feed");
      }
      if (next == '\r') {
        if (in.read() != '\n') {
          throw new BadRequestException(400, "bare carriage return");
        }
        return line.toString(StandardCharsets.UTF_8);
      }
      if (line.size() == LINE_BYTES_MAX) {
        throw new BadRequestException(431, "line too long");
      }
      line.write(next);
    }
  }
}
