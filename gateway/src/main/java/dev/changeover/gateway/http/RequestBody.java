package dev.changeover.gateway.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** A request's body, read to its end within a bound. */
sealed interface RequestBody {
  /** The longest body that is taken. */
  int BYTES_MAX = 32 << 20;

  // The hot path hands bytes over as they are; nobody compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  record Read(byte[] bytes) implements RequestBody {}

  record TooLarge() implements RequestBody {}

  /** The connection ended, stalled or was malformed before the body was there. */
  record Incomplete() implements RequestBody {}

  static RequestBody of(HttpServletRequest request) {
    long length = request.getContentLengthLong();
    if (length > BYTES_MAX) {
      return new TooLarge();
    }
    try (InputStream in = request.getInputStream()) {
      return length >= 0 ? sized(in, (int) length) : unsized(in);
    } catch (IOException e) {
      return new Incomplete();
    }
  }

  private static RequestBody sized(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    boolean whole = bytes.length == length && in.read() < 0;
    return whole ? new Read(bytes) : new Incomplete();
  }

  private static RequestBody unsized(InputStream in) throws IOException {
    var bytes = new ByteArrayOutputStream();
    byte[] chunk = new byte[16 << 10];
    for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
      if (bytes.size() + read > BYTES_MAX) {
        return new TooLarge();
      }
      bytes.write(chunk, 0, read);
    }
    return new Read(bytes.toByteArray());
  }
}
