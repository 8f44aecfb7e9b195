package dev.changeover.gateway.upstream;

import dev.changeover.gateway.classify.HeaderView;
import dev.changeover.gateway.classify.TransportFault;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpScheme;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * One call under way. One thread reads it; {@link #abort} may come from any. The body is taken from
 * the connection only as it is read, so a slow reader slows the provider and fills no memory.
 */
public final class Exchange implements AutoCloseable {
  private final LongSupplier nanoClock;
  private final Timing timing;
  private final Runnable released;
  private final Semaphore news = new Semaphore(0);
  private final AtomicBoolean demanded = new AtomicBoolean();
  private final Runnable wake =
      Invocable.from(Invocable.InvocationType.NON_BLOCKING, this::contentHasCome);
  private final AtomicBoolean over = new AtomicBoolean();

  private volatile @Nullable Request request;
  private volatile boolean sent;
  private volatile boolean reused;
  private volatile boolean bodySent;
  private volatile boolean aborted;
  private volatile long sentNanos;
  private volatile @Nullable Response response;
  private volatile Content.@Nullable Source source;
  private volatile boolean completed;
  private volatile @Nullable Throwable failure;

  private boolean ended;
  private long waitedNanos;

  Exchange(LongSupplier nanoClock, Timing timing, Runnable released) {
    this.nanoClock = nanoClock;
    this.timing = timing;
    this.released = released;
    this.sentNanos = timing.startedNanos();
  }

  /** Sends the request; nothing here waits. */
  void send(Request sending) {
    request = sending;
    sending
        .onRequestBegin(begun -> reused = hasCarriedAnother(begun))
        .onRequestCommit(committed -> {
          sentNanos = nanoClock.getAsLong();
          sent = true;
          news.release();
        })
        .onRequestSuccess(whole -> bodySent = true)
        .onResponseHeaders(headed -> {
          response = headed;
          news.release();
        })
        .onResponseContentSource((headed, content) -> {
          source = content;
          news.release();
        })
        .send(this::complete);
    if (aborted) {
      var _ = sending.abort(new GivenUp());
    }
  }

  /** An exchange that was over before anything was sent. */
  static Exchange failed(LongSupplier nanoClock, Timing timing, Throwable cause) {
    var exchange = new Exchange(nanoClock, timing, () -> {});
    exchange.failure = cause;
    exchange.completed = true;
    return exchange;
  }

  /** Waits for status and headers. */
  public Head head() {
    Optional<Lost> lost = await(() -> sent || response != null, timing.sent());
    if (lost.isEmpty()) {
      lost = await(() -> response != null, timing.answer(sentNanos));
    }
    if (lost.isPresent()) {
      return new Head.None(lost.get());
    }
    Response begun = response;
    if (begun == null) {
      return new Head.None(lostTo(endOfConnection()));
    }
    HeaderView headers = name -> Optional.ofNullable(begun.getHeaders().get(name));
    return new Head.Begun(begun.getStatus(), headers);
  }

  /** What the end of a connection means before a reply: nothing is sent during TLS's handshake. */
  private TransportFault endOfConnection() {
    Request sending = request;
    boolean inHandshake =
        sending != null && HttpScheme.HTTPS.is(sending.getScheme()) && !sent && !reused;
    return inHandshake ? TransportFault.TLS_FAILED : TransportFault.CLOSED_BEFORE_REPLY;
  }

  /** Waits for what comes next of the body. */
  public Piece next(Wait wait) {
    if (ended) {
      return new Piece.End();
    }
    Optional<Lost> lost = await(() -> source != null, wait);
    Content.Source content = source;
    if (lost.isPresent() || content == null) {
      return lost.<Piece>map(Piece.Cut::new).orElseGet(this::endedWithoutBody);
    }
    while (!aborted) {
      if (nanoClock.getAsLong() - wait.untilNanos() > 0) {
        return new Piece.Cut(wait.missed()); // also where bytes are here: drops may come for ever
      }
      if (!demanded.get()) { // at most one demand is open, and nothing is read meanwhile
        Content.Chunk chunk = content.read();
        if (chunk != null) {
          Optional<Piece> piece = piece(chunk);
          if (piece.isPresent()) {
            return piece.get();
          }
          continue;
        }
        demanded.set(true);
        content.demand(wake);
      }
      Optional<Lost> late = awaitNews(wait);
      if (late.isPresent()) {
        return new Piece.Cut(late.get());
      }
    }
    return new Piece.Cut(new Lost.Aborted());
  }

  private void contentHasCome() {
    demanded.set(false);
    news.release();
  }

  /** What a chunk holds; nothing where it is empty and not the last. */
  private Optional<Piece> piece(Content.Chunk chunk) {
    if (Content.Chunk.isFailure(chunk)) {
      return Optional.of(cut(chunk.getFailure()));
    }
    Piece piece = take(chunk);
    boolean empty = piece instanceof Piece.Bytes(byte[] bytes) && bytes.length == 0;
    return empty ? Optional.empty() : Optional.of(piece);
  }

  /** Waits for the whole body of an answer that is not streamed. */
  public WholeBody whole(int bytesMax) {
    return whole(bytesMax, timing.answer(sentNanos));
  }

  /** Waits for a whole body, but no longer than this. */
  public WholeBody whole(int bytesMax, Duration atMost) {
    Wait soon = timing.soon(nanoClock.getAsLong() + atMost.toNanos());
    return whole(bytesMax, timing.answer(sentNanos).orEarlier(soon));
  }

  private WholeBody whole(int bytesMax, Wait wait) {
    var body = new ByteArrayOutputStream();
    while (true) {
      switch (next(wait)) {
        case Piece.Bytes(byte[] bytes) -> {
          int room = Math.min(bytes.length, bytesMax - body.size());
          body.write(bytes, 0, room);
          if (room < bytes.length) {
            return new WholeBody.TooLong(body.toByteArray());
          }
        }
        case Piece.End() -> {
          return new WholeBody.Read(body.toByteArray());
        }
        case Piece.Cut(Lost lost) -> {
          return new WholeBody.Cut(lost, body.toByteArray());
        }
      }
    }
  }

  /** The deadlines of this exchange. */
  public Timing timing() {
    return timing;
  }

  /** When the request was on its way; its start until then. */
  public long sentNanos() {
    return sentNanos;
  }

  /** How long its reader has waited so far. */
  public long waitedNanos() {
    return waitedNanos;
  }

  /** Ends the exchange at once; its reader learns of it. */
  public void abort() {
    aborted = true;
    Request sending = request;
    if (sending != null) {
      var _ = sending.abort(new GivenUp());
    }
    news.release();
  }

  /** Ends the exchange; the connection is kept only if the reply was read to its end. */
  @Override
  public void close() {
    // A reply may end before its request does; nobody reads the rest of that request.
    if (!completed && !(ended && bodySent)) {
      abort();
    }
    release();
  }

  private void complete(Result result) {
    if (result.isFailed()) {
      Throwable why = result.getResponseFailure();
      failure = why != null ? why : result.getRequestFailure();
    }
    completed = true;
    news.release();
    release();
  }

  private void release() {
    if (completed && over.compareAndSet(false, true)) {
      released.run();
    }
  }

  private Piece take(Content.Chunk chunk) {
    byte[] bytes = new byte[chunk.remaining()];
    chunk.getByteBuffer().get(bytes);
    ended = chunk.isLast();
    chunk.release();
    return bytes.length == 0 && ended ? new Piece.End() : new Piece.Bytes(bytes);
  }

  private Piece endedWithoutBody() {
    Throwable why = failure;
    if (why != null || aborted) {
      return cut(why);
    }
    ended = true;
    return new Piece.End();
  }

  private Piece cut(@Nullable Throwable why) {
    if (failure == null) {
      failure = why;
    }
    return new Piece.Cut(
        lostTo(timing.streamed() ? TransportFault.STREAM_CUT : TransportFault.ANSWER_CUT));
  }

  private Lost lostTo(TransportFault usual) {
    if (aborted) {
      return new Lost.Aborted();
    }
    return new Lost.Fault(Faults.of(failure, usual), reused);
  }

  /** Waits until it is so or the exchange is over; a value when it took too long. */
  private Optional<Lost> await(Condition isSo, Wait wait) {
    while (!isSo.holds() && !completed && !aborted) {
      Optional<Lost> late = awaitNews(wait);
      if (late.isPresent()) {
        return late;
      }
    }
    return aborted ? Optional.of(new Lost.Aborted()) : Optional.empty();
  }

  private Optional<Lost> awaitNews(Wait wait) {
    long before = nanoClock.getAsLong();
    try {
      boolean came = news.tryAcquire(Math.max(0, wait.untilNanos() - before), TimeUnit.NANOSECONDS);
      return came ? Optional.empty() : Optional.of(wait.missed());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      abort();
      return Optional.of(new Lost.Aborted());
    } finally {
      waitedNanos += nanoClock.getAsLong() - before;
    }
  }

  private static boolean hasCarriedAnother(Request begun) {
    return begun.getConnection() instanceof Connection connection && connection.getMessagesIn() > 0;
  }

  @FunctionalInterface
  private interface Condition {
    boolean holds();
  }

  /** Why an exchange was aborted on this side; without a stack trace, as nobody reads it. */
  private static final class GivenUp extends RuntimeException {
    private static final long serialVersionUID = 1L;

    GivenUp() {
      super("given up on this side", null, false, false);
    }
  }
}
