package dev.changeover.testkit.client;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/** A reply's body as far as it came: a break in it is a fact to report, not an exception. */
final class BodyCollector implements BodySubscriber<BodyCollector.Collected> {
  static final int BODY_BYTES_MAX = 64 << 20;

  private final int bytesWanted;
  private final LongSupplier nanoClock;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CompletableFuture<Collected> collected = new CompletableFuture<>();
  private final AtomicReference<Subscription> subscription = new AtomicReference<>();
  private final AtomicLong firstByteAt = new AtomicLong();

  BodyCollector(int bytesWanted, LongSupplier nanoClock) {
    this.bytesWanted = bytesWanted;
    this.nanoClock = nanoClock;
  }

  /** How the body came to its end. */
  enum Ended {
    WELL,
    LOST,
    LEFT,
    TOO_LONG
  }

  /** The bytes as text is decoded from them, and how they ended. */
  record Collected(String text, Ended ended, long firstByteAt) {}

  @Override
  public CompletionStage<Collected> getBody() {
    return collected;
  }

  @Override
  public void onSubscribe(Subscription newSubscription) {
    subscription.set(newSubscription);
    newSubscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    firstByteAt.compareAndSet(0, nanoClock.getAsLong());
    for (ByteBuffer buffer : buffers) {
      byte[] part = new byte[buffer.remaining()];
      buffer.get(part);
      bytes.writeBytes(part);
    }
    if (bytesWanted > 0 && bytes.size() >= bytesWanted) {
      leave(Ended.LEFT);
    } else if (bytes.size() > BODY_BYTES_MAX) {
      leave(Ended.TOO_LONG);
    }
  }

  @Override
  public void onError(Throwable failure) {
    end(Ended.LOST);
  }

  @Override
  public void onComplete() {
    end(Ended.WELL);
  }

  private void leave(Ended how) {
    end(how);
    Subscription current = subscription.get();
    if (current != null) {
      current.cancel();
    }
  }

  private void end(Ended how) {
    collected.complete(
        new Collected(bytes.toString(StandardCharsets.UTF_8), how, firstByteAt.get()));
  }
}
