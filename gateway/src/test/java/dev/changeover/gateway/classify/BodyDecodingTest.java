package dev.changeover.gateway.classify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class BodyDecodingTest {
  private static final byte[] PLAIN = "{\"error\":{}}".getBytes(StandardCharsets.UTF_8);

  @Test
  void bodyWithoutCodingIsTakenAsItIs() {
    assertThat(decoded(PLAIN, "")).contains(PLAIN);
    assertThat(decoded(PLAIN, "identity")).contains(PLAIN);
  }

  @Test
  void gzipIsUndone() throws IOException {
    assertThat(decoded(gzip(PLAIN), "GZip")).contains(PLAIN);
  }

  @Test
  void twoCodingsAreUndoneFromTheLast() throws IOException {
    assertThat(decoded(gzip(deflate(PLAIN, false)), "deflate, gzip")).contains(PLAIN);
  }

  @Test
  void deflateIsUndoneWithAndWithoutItsHeader() throws IOException {
    assertThat(decoded(deflate(PLAIN, false), "deflate")).contains(PLAIN);
    assertThat(decoded(deflate(PLAIN, true), "deflate")).contains(PLAIN);
  }

  @Test
  void unknownCodingLeavesNoBody() {
    assertThat(decoded(PLAIN, "br")).isEmpty();
    assertThat(decoded(PLAIN, "zstd")).isEmpty();
    assertThat(decoded(PLAIN, "gzip, gzip, gzip")).isEmpty();
  }

  @Test
  void damagedBodyIsNone() throws IOException {
    byte[] half = Arrays.copyOf(gzip(PLAIN), 15);

    assertThat(decoded(half, "gzip")).isEmpty();
    assertThat(decoded(PLAIN, "gzip")).isEmpty();
  }

  @Test
  void bombIsNoBody() throws IOException {
    byte[] bomb = gzip(new byte[4 * BodyDecoding.DECODED_MAX]);

    assertThat(decoded(bomb, "gzip")).isEmpty();
  }

  @Test
  void bodyThatGrowsAHundredTimesIsNoBody() throws IOException {
    byte[] small = gzip(new byte[1 << 20]);

    assertThat(small).hasSizeLessThan(2_000);
    assertThat(decoded(small, "gzip")).isEmpty();
  }

  private static Optional<byte[]> decoded(byte[] body, String coding) {
    return BodyDecoding.decoded(body, HeaderView.of(Map.of("Content-Encoding", coding)));
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    var out = new ByteArrayOutputStream();
    try (OutputStream coding = new GZIPOutputStream(out)) {
      coding.write(plain);
    }
    return out.toByteArray();
  }

  private static byte[] deflate(byte[] plain, boolean bare) throws IOException {
    var out = new ByteArrayOutputStream();
    try (OutputStream coding =
        new DeflaterOutputStream(out, new Deflater(Deflater.DEFAULT_COMPRESSION, bare))) {
      coding.write(plain);
    }
    return out.toByteArray();
  }
}
