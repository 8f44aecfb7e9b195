package dev.changeover.gateway.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;

/** A request's body, read to its end within a bound. */
sealed interface RequestBody {
  /** The longest body that is taken. */
  int BYTES_MAX = 32 << 20;

  /** How long a body may take; without a byte the connection's own idle time ends it sooner. */
  Duration WAIT_MAX = Duration.ofMinutes(5);

  // The hot path hands bytes over as they are; nobody compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  record Read(byte[] bytes) implements RequestBody {}

  record TooLarge() implements RequestBody {}

  /** The connection ended, stalled, dripped or was malformed before the body was there. */
  record Incomplete() implements RequestBody {}

  /** There was no room for it beside the other bodies. */
  record NoRoom() implements RequestBody {}

  /**
   * Reads a request's body.
   *
   * @param room takes room for so many bytes in all; whether there is
   */
  static RequestBody of(HttpServletRequest request, IntPredicate room, LongSupplier nanoClock) {
    long length = request.getContentLengthLong();
    if (length > BYTES_MAX) {
      return new TooLarge(); // before the stream is opened, which would ask for the body
    }
    try (InputStream in = request.getInputStream()) {
      return read(in, length, room, nanoClock);
    } catch (IOException e) {
      return new Incomplete();
    }
  }

  /** Reads a body of this length; a negative one is not known beforehand. */
  static RequestBody read(InputStream in, long length, IntPredicate room, LongSupplier nanoClock)
      throws IOException {
    var body = new Arriving(in, room, nanoClock);
    return length >= 0 ? body.sized((int) length) : body.unsized();
  }

  /** A body on its way, which may come in drops but not for ever. */
  final class Arriving {
    private static final int STEP = 64 << 10;

    private final InputStream in;
    private final IntPredicate room;
    private final LongSupplier nanoClock;
    private final long untilNanos;

    private Arriving(InputStream in, IntPredicate room, LongSupplier nanoClock) {
      this.in = in;
      this.room = room;
      this.nanoClock = nanoClock;
      untilNanos = nanoClock.getAsLong() + WAIT_MAX.toNanos();
    }

    /** Takes room as bytes come: a length is only an announcement. */
    private RequestBody sized(int length) throws IOException {
      byte[] bytes = {};
      int filled = 0;
      while (filled < length) {
        if (filled == bytes.length) {
          int grown = Math.min(length, Math.max(STEP, 2 * bytes.length));
          if (!room.test(grown)) {
            return new NoRoom();
          }
          bytes = Arrays.copyOf(bytes, grown);
        }
        int read = in.read(bytes, filled, bytes.length - filled);
        if (read < 0 || isTooLate()) {
          return new Incomplete();
        }
        filled += read;
      }
      return in.read() < 0 ? new Read(bytes) : new Incomplete();
    }

    private RequestBody unsized() throws IOException {
      var bytes = new ByteArrayOutputStream();
      byte[] chunk = new byte[16 << 10];
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        if (bytes.size() + read > BYTES_MAX) {
          return new TooLarge();
        }
        if (!room.test(bytes.size() + read)) {
          return new NoRoom();
        }
        if (isTooLate()) {
          return new Incomplete();
        }
        bytes.write(chunk, 0, read);
      }
      return new Read(bytes.toByteArray());
    }

    private boolean isTooLate() {
      return nanoClock.getAsLong() - untilNanos > 0;
    }
  }
}
