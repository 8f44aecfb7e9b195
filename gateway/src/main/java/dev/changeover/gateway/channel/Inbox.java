package dev.changeover.gateway.channel;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The listening half of one connection: joins fragments and keeps the time of the last one. */
final class Inbox implements WebSocket.Listener {
  /** As large as the largest document that a gateway reads. */
  static final int MESSAGE_CHARS_MAX = 64 << 20;

  private final Consumer<String> messages;
  private final Runnable closed;
  private final LongSupplier nanoClock;
  private StringBuilder partial = new StringBuilder();
  private volatile long heardAtNanos;
  private volatile boolean open = true;

  Inbox(Consumer<String> messages, Runnable closed, LongSupplier nanoClock) {
    this.messages = messages;
    this.closed = closed;
    this.nanoClock = nanoClock;
    this.heardAtNanos = nanoClock.getAsLong();
  }

  boolean open() {
    return open;
  }

  Duration silence() {
    return Duration.ofNanos(nanoClock.getAsLong() - heardAtNanos);
  }

  @Override
  public void onOpen(WebSocket socket) {
    heardAtNanos = nanoClock.getAsLong();
    socket.request(1);
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
    heardAtNanos = nanoClock.getAsLong();
    if (partial.length() + data.length() > MESSAGE_CHARS_MAX) {
      socket.abort();
      end();
      return null;
    }
    partial.append(data);
    if (last) {
      String message = partial.toString();
      partial = new StringBuilder();
      messages.accept(message);
    }
    socket.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onPing(WebSocket socket, ByteBuffer data) {
    heardAtNanos = nanoClock.getAsLong();
    socket.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
    end();
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable error) {
    end();
  }

  private void end() {
    open = false;
    closed.run();
  }
}
