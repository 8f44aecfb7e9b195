package dev.changeover.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.gateway.http.RequestBody.Incomplete;
import dev.changeover.gateway.http.RequestBody.NoRoom;
import dev.changeover.gateway.http.RequestBody.Read;
import dev.changeover.gateway.http.RequestBody.TooLarge;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestBodyTest {
  private static final long UNKNOWN = -1;

  private final AtomicLong nanos = new AtomicLong();
  private BodyRoom room = new BodyRoom(1L << 30);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 300_000, RequestBody.BYTES_MAX})
  void aBodyIsReadToItsLastByte(int length) throws IOException {
    // Given
    byte[] body = new byte[length];
    new Random(length).nextBytes(body);
    // When
    RequestBody announced = read(new ByteArrayInputStream(body), length);
    RequestBody unannounced = read(new ByteArrayInputStream(body), UNKNOWN);
    // Then
    assertThat(((Read) announced).bytes()).isEqualTo(body);
    assertThat(((Read) unannounced).bytes()).isEqualTo(body);
  }

  @Test
  void oneByteAboveTheBoundIsTooLarge() throws IOException {
    byte[] body = new byte[RequestBody.BYTES_MAX + 1];
    assertThat(read(new ByteArrayInputStream(body), UNKNOWN)).isInstanceOf(TooLarge.class);
  }

  @Test
  void aBodyBeyondTheRoomForAllIsNotRead() throws IOException {
    room = new BodyRoom(200 << 10);
    assertThat(read(new ByteArrayInputStream(new byte[300_000]), 300_000))
        .isInstanceOf(NoRoom.class);
    room = new BodyRoom(200 << 10);
    assertThat(read(new ByteArrayInputStream(new byte[300_000]), UNKNOWN))
        .isInstanceOf(NoRoom.class);
  }

  @Test
  void roomIsTakenAsBytesComeAndGivenBackTogether() {
    room = new BodyRoom(100 << 10);
    try (BodyRoom.Share first = room.share();
        BodyRoom.Share second = room.share()) {
      assertThat(first.growTo(50 << 10)).isTrue();
      assertThat(first.growTo(60 << 10)).isTrue();
      assertThat(second.growTo(41 << 10)).isFalse();
      assertThat(second.growTo(40 << 10)).isTrue();
    }
    assertThat(room.share().growTo(100 << 10)).isTrue();
  }

  @Test
  void aBodyShorterThanAnnouncedIsIncomplete() throws IOException {
    assertThat(read(new ByteArrayInputStream(new byte[9]), 10)).isInstanceOf(Incomplete.class);
  }

  @Test
  void aBodyThatDripsIsGivenUpInTheEnd() throws IOException {
    Duration inTime = RequestBody.WAIT_MAX.dividedBy(10);
    Duration late = RequestBody.WAIT_MAX.dividedBy(9);
    assertThat(read(dripping(10, inTime), 10)).isInstanceOf(Read.class);
    assertThat(read(dripping(10, inTime), UNKNOWN)).isInstanceOf(Read.class);
    assertThat(read(dripping(10, late), 10)).isInstanceOf(Incomplete.class);
    assertThat(read(dripping(10, late), UNKNOWN)).isInstanceOf(Incomplete.class);
  }

  private RequestBody read(InputStream in, long length) throws IOException {
    return RequestBody.read(in, length, room.share()::growTo, nanos::get);
  }

  /** So many bytes, one by one, each after so long. */
  private InputStream dripping(int bytes, Duration each) {
    return new InputStream() {
      private int left = bytes;

      @Override
      public int read() {
        if (left == 0) {
          return -1;
        }
        left--;
        nanos.addAndGet(each.toNanos());
        return ' ';
      }

      @Override
      public int read(byte[] into, int from, int length) {
        int next = read();
        if (next < 0) {
          return -1;
        }
        into[from] = (byte) next;
        return 1;
      }
    };
  }
}
