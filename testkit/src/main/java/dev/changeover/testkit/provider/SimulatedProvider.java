package dev.changeover.testkit.provider;

import dev.changeover.testkit.provider.Fault.Refused;
import dev.changeover.testkit.provider.Fault.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * A provider on loopback that speaks both vendors' dialects, by path, and behaves as scripted.
 *
 * <p>OpenAI: {@code /v1/chat/completions}, {@code /v1/models}. Anthropic: {@code /v1/messages},
 * {@code /v1/messages/count_tokens}, {@code /v1/models} where the request has an {@code
 * anthropic-version}.
 */
public final class SimulatedProvider implements AutoCloseable {
  /** The most connections at a time; one more is closed at once. */
  public static final int CONNECTIONS_MAX = 4_000;

  private static final int BACKLOG = 1_000;
  private static final Pacing BRISK =
      new Pacing(Duration.ofMillis(5), Duration.ZERO, Duration.ofMillis(2));
  private static final Duration CLOSE_MAX = Duration.ofSeconds(5);
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private final ProviderSettings settings;
  private final int connectionsMax;
  private final Stage stage = new Stage();
  private final Ledger ledger = new Ledger();
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ReentrantLock door = new ReentrantLock();
  private final int port;
  private Door state;

  /** Whether connections are taken; a shut door keeps its port, and nobody else gets it. */
  private sealed interface Door {}

  private record Open(ServerSocket listener, Future<?> acceptor) implements Door {}

  private record Shut(Socket placeholder) implements Door {}

  private record Gone() implements Door {}

  private SimulatedProvider(ProviderSettings settings, int connectionsMax) throws IOException {
    this.settings = settings;
    this.connectionsMax = connectionsMax;
    ServerSocket listener = listener(settings.port());
    this.port = listener.getLocalPort();
    this.state = open(listener);
  }

  /** A provider that answers every request at once, until it is given another script. */
  public static SimulatedProvider start(ProviderSettings settings) {
    return start(settings, CONNECTIONS_MAX);
  }

  /** One that knows this key alone and answers almost at once, a few milliseconds a chunk. */
  public static SimulatedProvider brisk(String name, String key, LongSupplier nanoClock) {
    SimulatedProvider provider = start(ProviderSettings.of(name, nanoClock).withKey("main", key));
    provider.always(new Answer(BRISK));
    return provider;
  }

  static SimulatedProvider start(ProviderSettings settings, int connectionsMax) {
    try {
      return new SimulatedProvider(settings, connectionsMax);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "no provider on port %d: %s".formatted(settings.port(), e.getMessage()), e);
    }
  }

  public String name() {
    return settings.name();
  }

  public int port() {
    return port;
  }

  /** The base URL as OpenAI's SDK takes it. */
  public String openAiBaseUrl() {
    return anthropicBaseUrl() + "/v1";
  }

  /** The base URL as Anthropic's SDK takes it. */
  public String anthropicBaseUrl() {
    return "http://127.0.0.1:" + port;
  }

  public Ledger ledger() {
    return ledger;
  }

  /** Behaves so from the next request on; a provider that refused connections takes them again. */
  public void script(Script script) {
    stage.script(script);
    listen();
  }

  /** Behaves the same towards every request; {@link Refused} begins at once. */
  public void always(Behaviour behaviour) {
    stage.script(Script.always(behaviour));
    if (behaviour instanceof Refused) {
      refuse();
    } else {
      listen();
    }
  }

  /**
   * Answers with this reply, above any script: every request from now on, and those that wait for
   * the first byte of their answer.
   */
  public void ban(Reply reply) {
    stage.ban(reply);
  }

  /** Goes back to the script. */
  public void unban() {
    stage.unban();
  }

  /** Ends every connection, wait and thread. */
  @Override
  public void close() {
    door.lock();
    try {
      leave(state);
      state = new Gone();
    } finally {
      door.unlock();
    }
    connections.forEach(Connection::abandon);
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("provider " + name() + " did not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void refuse() {
    door.lock();
    try {
      switch (state) {
        case Open open -> {
          leave(open);
          state = new Shut(placeholder());
        }
        case Shut _, Gone _ -> {}
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      door.unlock();
    }
    connections.stream().filter(Connection::isIdle).forEach(Connection::close);
  }

  private void listen() {
    door.lock();
    try {
      switch (state) {
        case Shut shut -> {
          leave(shut);
          state = open(listener(port));
        }
        case Open _, Gone _ -> {}
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      door.unlock();
    }
  }

  private static void leave(Door door) {
    try {
      switch (door) {
        case Open(ServerSocket listener, Future<?> acceptor) -> {
          listener.close();
          acceptor.get(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS); // listens until it has noticed
        }
        case Shut(Socket placeholder) -> placeholder.close();
        case Gone() -> {}
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the listener did not end", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Open open(ServerSocket listener) {
    return new Open(listener, threads.submit(() -> accept(listener)));
  }

  private static ServerSocket listener(int port) throws IOException {
    ServerSocket listener = new ServerSocket();
    try {
      listener.setReuseAddress(true);
      listener.bind(new InetSocketAddress(LOOPBACK, port), BACKLOG);
      return listener;
    } catch (IOException e) {
      listener.close();
      throw e;
    }
  }

  /** Bound and not listening: connections are refused, and the port stays ours. */
  private Socket placeholder() throws IOException {
    Socket placeholder = new Socket();
    try {
      placeholder.setReuseAddress(true);
      placeholder.bind(new InetSocketAddress(LOOPBACK, port));
      return placeholder;
    } catch (IOException e) {
      placeholder.close();
      throw e;
    }
  }

  private void accept(ServerSocket listener) {
    while (!listener.isClosed()) {
      try {
        take(listener.accept());
      } catch (IOException e) {
        return; // the door was shut
      }
    }
  }

  private void take(Socket socket) throws IOException {
    if (connections.size() >= connectionsMax) {
      socket.close();
      return;
    }
    Connection connection;
    try {
      connection = new Connection(settings, stage, ledger, socket, this::refuse);
    } catch (IOException e) {
      socket.close(); // the client has gone again
      return;
    }
    connections.add(connection);
    threads.execute(() -> {
      try {
        connection.serve(threads);
      } finally {
        connections.remove(connection);
      }
    });
  }
}
