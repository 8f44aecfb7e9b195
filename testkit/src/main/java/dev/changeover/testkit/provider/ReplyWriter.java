package dev.changeover.testkit.provider;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Writes HTTP/1.1 replies to one connection, byte by byte as a fault may want them. */
final class ReplyWriter {
  private static final Set<String> OWN_HEADERS =
      Set.of("content-length", "transfer-encoding", "connection");

  private final OutputStream out;

  ReplyWriter(OutputStream out) {
    this.out = new BufferedOutputStream(out);
  }

  /** Head of a reply whose body has this length. */
  void head(int status, Map<String, String> headers, int length) throws IOException {
    head(status, headers, "content-length: " + length);
  }

  /** Head of a reply whose body comes in chunks. */
  void chunkedHead(int status, Map<String, String> headers) throws IOException {
    head(status, headers, "transfer-encoding: chunked");
    out.flush();
  }

  void write(byte[] bytes, int length) throws IOException {
    out.write(bytes, 0, length);
    out.flush();
  }

  void chunk(byte[] bytes, int length) throws IOException {
    if (length == 0) {
      return; // a chunk of no bytes would end the body
    }
    ascii(Integer.toHexString(length) + "\r\n");
    out.write(bytes, 0, length);
    ascii("\r\n");
    out.flush();
  }

  void lastChunk() throws IOException {
    ascii("0\r\n\r\n");
    out.flush();
  }

  private void head(int status, Map<String, String> headers, String framing) throws IOException {
    ascii("HTTP/1.1 " + status + " " + phrase(status) + "\r\n");
    for (Map.Entry<String, String> header : headers.entrySet()) {
      if (!OWN_HEADERS.contains(header.getKey().toLowerCase(Locale.ROOT))) {
        ascii(header.getKey() + ": " + header.getValue() + "\r\n");
      }
    }
    ascii(framing + "\r\n\r\n");
  }

  private void ascii(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String phrase(int status) {
    return status < 300 ? "OK" : "Error";
  }
}
