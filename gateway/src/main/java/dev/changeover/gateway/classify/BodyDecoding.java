package dev.changeover.gateway.classify;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** The content coding of a body, undone within bounds. */
final class BodyDecoding {
  /** The longest body that is made of a coded one. */
  static final int DECODED_MAX = 8 << 20;

  /** What a coded body may grow to beyond a hundred times its length. */
  private static final int SMALL = 64 << 10;

  private static final int GROWTH_MAX = 100;
  private static final int CODINGS_MAX = 2;

  private BodyDecoding() {}

  /** The plain body; empty where the coding is unknown, damaged or a bomb. */
  static Optional<byte[]> decoded(byte[] body, HeaderView headers) {
    String header = headers.first("content-encoding").orElse("").toLowerCase(Locale.ROOT);
    List<String> codings =
        Arrays.stream(header.split(",", -1))
            .map(String::strip)
            .filter(coding -> !coding.isEmpty() && !coding.equals("identity"))
            .toList();
    if (codings.size() > CODINGS_MAX) {
      return Optional.empty();
    }
    Optional<byte[]> plain = Optional.of(body);
    for (String coding : codings.reversed()) { // the last one named was applied last
      plain = plain.flatMap(coded -> decoded(coded, coding));
    }
    return plain;
  }

  private static Optional<byte[]> decoded(byte[] coded, String coding) {
    try {
      return switch (coding) {
        case "gzip", "x-gzip" -> read(new GZIPInputStream(new ByteArrayInputStream(coded)), coded);
        case "deflate" -> inflated(coded);
        default -> Optional.empty();
      };
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static Optional<byte[]> inflated(byte[] coded) throws IOException {
    var inflater = new Inflater(!hasZlibHeader(coded)); // some servers send the bare form
    try {
      return read(new InflaterInputStream(new ByteArrayInputStream(coded), inflater), coded);
    } finally {
      inflater.end();
    }
  }

  private static boolean hasZlibHeader(byte[] coded) {
    if (coded.length < 2) {
      return false;
    }
    int header = ((coded[0] & 0xff) << 8) | (coded[1] & 0xff);
    return (header & 0x0f00) == 0x0800 && header % 31 == 0;
  }

  private static Optional<byte[]> read(InputStream plain, byte[] coded) throws IOException {
    long max = Math.min(DECODED_MAX, SMALL + (long) GROWTH_MAX * coded.length);
    var out = new ByteArrayOutputStream();
    var chunk = new byte[8_192];
    try (plain) {
      for (int read = plain.read(chunk); read >= 0; read = plain.read(chunk)) {
        if (out.size() + read > max) {
          return Optional.empty();
        }
        out.write(chunk, 0, read);
      }
    }
    return Optional.of(out.toByteArray());
  }
}
