package dev.changeover.gateway.dialect;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A server-sent event stream, read as its bytes come, cut anywhere. Lines end in LF, CRLF or CR;
 * the events' raw bytes, joined with {@link #rest}, are the stream's bytes. Not thread-safe; one
 * reader a stream.
 */
public final class SseReader {
  /** The longest event, blank line included. */
  public static final int EVENT_BYTES_MAX = 1 << 20;

  private static final int ROOM_AT_FIRST = 2048;
  private static final byte[] NOTHING = {};

  private byte[] buffer = new byte[ROOM_AT_FIRST];
  private int filled;
  private int scanned;
  private int lineStart;
  private int blockStart;
  private boolean started;
  private boolean tooLong;

  /**
   * The events that these bytes complete, in order. A CR at the very end waits for what follows it.
   * After an event beyond the bound there are no more: see {@link #tooLong}.
   */
  public List<SseEvent> read(byte[] bytes, int offset, int length) {
    if (tooLong || length == 0) {
      return List.of();
    }
    append(bytes, offset, length);
    List<SseEvent> events = new ArrayList<>();
    int lineEnd = nextLine();
    while (lineEnd >= 0) {
      if (isBlank(lineStart, lineEnd)) {
        events.add(event(blockStart, lineEnd));
        blockStart = lineEnd;
      }
      lineStart = lineEnd;
      lineEnd = nextLine();
    }
    tooLong =
        filled - blockStart > EVENT_BYTES_MAX
            || events.stream().anyMatch(event -> event.raw().length > EVENT_BYTES_MAX);
    if (tooLong) {
      buffer = NOTHING;
      return events.stream().takeWhile(event -> event.raw().length <= EVENT_BYTES_MAX).toList();
    }
    moveToFront();
    return events;
  }

  /** Whether an event was longer than {@link #EVENT_BYTES_MAX}: the stream is broken there. */
  public boolean tooLong() {
    return tooLong;
  }

  /**
   * What the stream ended with, if it did not end with a blank line. The blank line is added, so
   * that the caller's parser takes the event too.
   */
  public Optional<SseEvent> rest() {
    if (tooLong || filled == blockStart) {
      return Optional.empty();
    }
    SseEvent event = event(blockStart, filled);
    byte last = buffer[filled - 1];
    String missing = last == '\n' || last == '\r' ? "\n" : "\n\n";
    return Optional.of(
        new SseEvent(
            event.name(),
            event.data(),
            joined(event.raw(), missing.getBytes(StandardCharsets.US_ASCII))));
  }

  private void append(byte[] bytes, int offset, int length) {
    if (buffer.length - filled < length) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, filled + length));
    }
    System.arraycopy(bytes, offset, buffer, filled, length);
    filled += length;
  }

  /** The index behind the next line's terminator, or -1 when the line is not over yet. */
  private int nextLine() {
    while (scanned < filled) {
      byte b = buffer[scanned];
      if (b == '\n') {
        return ++scanned;
      }
      if (b == '\r') {
        if (scanned + 1 == filled) {
          return -1;
        }
        scanned += buffer[scanned + 1] == '\n' ? 2 : 1;
        return scanned;
      }
      scanned++;
    }
    return -1;
  }

  private boolean isBlank(int start, int end) {
    return contentEnd(start, end) == start;
  }

  /** The index behind the line's last byte that is no terminator. */
  private int contentEnd(int start, int end) {
    int last = end;
    if (last > start && buffer[last - 1] == '\n') {
      last--;
    }
    if (last > start && buffer[last - 1] == '\r') {
      last--;
    }
    return last;
  }

  /** Only after an event was cut off, so that each byte is moved a bounded number of times. */
  private void moveToFront() {
    if (blockStart == 0) {
      return;
    }
    System.arraycopy(buffer, blockStart, buffer, 0, filled - blockStart);
    filled -= blockStart;
    scanned -= blockStart;
    lineStart -= blockStart;
    blockStart = 0;
  }

  private SseEvent event(int start, int end) {
    byte[] raw = Arrays.copyOfRange(buffer, start, end);
    int from = start;
    if (!started) {
      started = true;
      from += hasByteOrderMark(start, end) ? 3 : 0;
    }
    String name = "";
    var data = new DataLines();
    int line = from;
    while (line < end) {
      int next = lineAfter(line, end);
      int last = contentEnd(line, next);
      if (isField("data", line, last)) {
        data.add(value(line + 4, last));
      } else if (isField("event", line, last)) {
        name = new String(value(line + 5, last), StandardCharsets.UTF_8);
      }
      line = next;
    }
    return new SseEvent(name.isEmpty() ? Optional.empty() : Optional.of(name), data.joined(), raw);
  }

  private boolean hasByteOrderMark(int start, int end) {
    return end - start >= 3
        && buffer[start] == (byte) 0xEF
        && buffer[start + 1] == (byte) 0xBB
        && buffer[start + 2] == (byte) 0xBF;
  }

  private int lineAfter(int start, int end) {
    for (int i = start; i < end; i++) {
      if (buffer[i] == '\n') {
        return i + 1;
      }
      if (buffer[i] == '\r') {
        return i + 1 < end && buffer[i + 1] == '\n' ? i + 2 : i + 1;
      }
    }
    return end;
  }

  private boolean isField(String field, int start, int end) {
    int length = field.length();
    if (end - start < length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (buffer[start + i] != field.charAt(i)) {
        return false;
      }
    }
    return end - start == length || buffer[start + length] == ':';
  }

  /** What follows the colon and one space; {@code afterName} is where the colon is, if any. */
  private byte[] value(int afterName, int end) {
    int start = Math.min(afterName + 1, end);
    if (start < end && buffer[start] == ' ') {
      start++;
    }
    return Arrays.copyOfRange(buffer, start, end);
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  /** An event's data: nearly always one line, which is then not copied again. */
  private static final class DataLines {
    private byte[] first = NOTHING;
    private final ByteArrayOutputStream more = new ByteArrayOutputStream(0);
    private int lines;

    void add(byte[] line) {
      if (lines == 0) {
        first = line;
      } else {
        more.write('\n');
        more.writeBytes(line);
      }
      lines++;
    }

    byte[] joined() {
      return lines <= 1 ? first : SseReader.joined(first, more.toByteArray());
    }
  }
}
