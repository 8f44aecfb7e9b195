package dev.changeover.testkit.provider;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** One client's connection: a reader that notices the client's leaving, and a player. */
final class Connection {
  private final ProviderSettings settings;
  private final Stage stage;
  private final Ledger ledger;
  private final Socket socket;
  private final Runnable refuse;
  private final ReplyWriter writer;
  private final Attention attention = new Attention();
  private final BlockingQueue<Arrival> arrivals = new ArrayBlockingQueue<>(1);
  private volatile boolean busy;
  private final RequestReader reader;

  Connection(ProviderSettings settings, Stage stage, Ledger ledger, Socket socket, Runnable refuse)
      throws IOException {
    this.settings = settings;
    this.stage = stage;
    this.ledger = ledger;
    this.socket = socket;
    this.refuse = refuse;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(Math.toIntExact(Math.min(settings.waitMax().toMillis(), 600_000)));
    writer = new ReplyWriter(socket.getOutputStream());
    reader = new RequestReader(socket, settings.nanoClock(), () -> busy);
  }

  private sealed interface Arrival {}

  private record Arrived(ReceivedRequest request) implements Arrival {}

  private record Malformed(BadRequestException why) implements Arrival {}

  private record Ended() implements Arrival {}

  /** Serves the connection until either side ends it. */
  void serve(Executor readers) {
    stage.enter(attention);
    readers.execute(this::receive);
    try {
      while (playNext()) {
        busy = false;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      stage.leave(attention);
      close();
    }
  }

  private boolean playNext() throws InterruptedException {
    return switch (arrivals.take()) {
      case Arrived(ReceivedRequest request) -> {
        busy = true;
        yield new Exchange(settings, stage, this, request).play();
      }
      case Malformed(BadRequestException why) -> {
        refuseMalformed(why);
        yield false;
      }
      case Ended _ -> false;
    };
  }

  private void refuseMalformed(BadRequestException why) {
    byte[] body = String.valueOf(why.getMessage()).getBytes(StandardCharsets.UTF_8);
    try {
      writer.head(why.status(), Map.of("content-type", "text/plain"), body.length);
      writer.write(body, body.length);
    } catch (IOException e) {
      attention.clientLeft(); // nobody is left to be told
    }
  }

  private void receive() {
    try {
      while (true) {
        Optional<ReceivedRequest> request = reader.next();
        if (request.isEmpty()) {
          break;
        }
        if (!hand(new Arrived(request.get()))) {
          break;
        }
      }
      end(new Ended());
    } catch (BadRequestException e) {
      end(new Malformed(e));
    } catch (IOException e) {
      end(new Ended());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void end(Arrival last) {
    attention.clientLeft();
    try {
      if (!hand(last)) {
        close(); // the player has gone, or plays for longer than anybody waits
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean hand(Arrival arrival) throws InterruptedException {
    return arrivals.offer(arrival, settings.waitMax().toNanos(), TimeUnit.NANOSECONDS);
  }

  ReplyWriter writer() {
    return writer;
  }

  Attention attention() {
    return attention;
  }

  Ledger ledger() {
    return ledger;
  }

  boolean isOpen() {
    return !socket.isClosed();
  }

  boolean isIdle() {
    return !busy;
  }

  /** Makes nobody listen from now on. */
  void refuseOthers() {
    refuse.run();
  }

  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Ends the connection because the provider ends. */
  void abandon() {
    attention.close();
    close();
  }

  void close() {
    try {
      socket.close();
    } catch (IOException e) {
      attention.close(); // a socket that cannot be closed is gone all the same
    }
  }
}
