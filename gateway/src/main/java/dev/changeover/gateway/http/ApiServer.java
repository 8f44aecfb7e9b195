package dev.changeover.gateway.http;

import dev.changeover.gateway.attempt.AttemptRunner;
import dev.changeover.gateway.config.ConfigStore;
import dev.changeover.gateway.observe.GatewayMetrics;
import dev.changeover.gateway.observe.RequestRecord;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The port that callers use. */
public final class ApiServer implements AutoCloseable {
  static final int CONNECTIONS_MAX = 10_000;
  static final int REQUEST_HEADER_BYTES_MAX = 16 << 10;
  static final Duration IDLE_CONNECTION_MAX = Duration.ofSeconds(60);

  private static final int BACKLOG = 1_024;
  private static final int THREADS_MAX = 200;
  private static final List<HandlerType> METHODS =
      List.of(
          HandlerType.GET,
          HandlerType.POST,
          HandlerType.PUT,
          HandlerType.PATCH,
          HandlerType.DELETE,
          HandlerType.HEAD,
          HandlerType.OPTIONS,
          HandlerType.TRACE);

  private static final String HANDLED = "handled";

  private final ApiHandler handler;
  private final HeadWatch heads;
  private final Javalin app;
  private final Listen listen;

  public ApiServer(
      ConfigStore config,
      AttemptRunner runner,
      GatewayMetrics metrics,
      Consumer<RequestRecord> finished,
      InstantSource clock,
      LongSupplier nanoClock,
      Supplier<String> requestIds,
      Listen listen) {
    this(
        config, runner, metrics, finished, clock, nanoClock, requestIds, listen, BodyRoom.ofHeap());
  }

  /** The same with so much room for bodies. */
  ApiServer(
      ConfigStore config,
      AttemptRunner runner,
      GatewayMetrics metrics,
      Consumer<RequestRecord> finished,
      InstantSource clock,
      LongSupplier nanoClock,
      Supplier<String> requestIds,
      Listen listen,
      BodyRoom bodies) {
    this.listen = listen;
    handler =
        new ApiHandler(
            new ApiHandler.Parts(
                config, runner, metrics, finished, clock, nanoClock, requestIds, bodies));
    heads = new HeadWatch(HeadWatch.HEAD_MAX, nanoClock);
    var badHttp =
        new BadHttp(
            requestIds,
            () -> config.current().revision(),
            refused -> {
              metrics.began();
              finished.accept(refused);
            });
    app =
        Javalin.create(javalin -> {
          javalin.startup.showJavalinBanner = false;
          javalin.startup.showOldJavalinVersionWarning = false;
          javalin.startup.startupWatcherEnabled = false;
          javalin.http.compressionStrategy = CompressionStrategy.NONE;
          javalin.jetty.threadPool = threads();
          javalin.jetty.modifyHttpConfiguration(ApiServer::strict);
          javalin.jetty.addConnector((server, http) -> connector(server, http));
          javalin.jetty.modifyServer(server -> {
            server.addBean(new NetworkConnectionLimit(CONNECTIONS_MAX, server));
            server.setErrorHandler(badHttp);
          });
          Handler all = this::handle;
          METHODS.forEach(method -> javalin.routes.addHttpHandler(method, "/*", all));
          javalin.routes.error(404, all); // a method that nobody has heard of
        });
  }

  /** Javalin asks again for every 404, those that this handler gave included. */
  private void handle(Context context) {
    if (context.attribute(HANDLED) == null) {
      context.attribute(HANDLED, true);
      handler.handle(context.req(), context.res());
    }
  }

  /** Where to listen; port 0 takes any free one. */
  public record Listen(String host, int port) {}

  /** Begins to listen. Throws an IOException that says what to do when the port is taken. */
  public void start() throws IOException {
    begin(app, listen);
  }

  static void begin(Javalin app, Listen listen) throws IOException {
    try {
      app.start();
    } catch (RuntimeException e) {
      throw new IOException(
          "Cannot listen on %s:%d: end what uses the port, or choose another one."
              .formatted(listen.host(), listen.port()),
          e);
    }
  }

  public int port() {
    return app.port();
  }

  /** Serves on, but asks every caller to take the next request to another connection. */
  public void leave() {
    handler.leave();
  }

  /**
   * Takes no more connections, and waits so long for requests under way to end; whether they have.
   * Whatever still comes on kept connections after that is told to come back.
   */
  public boolean drain(Duration atMost) {
    for (Connector connector : app.jettyServer().server().getConnectors()) {
      if (connector instanceof ServerConnector listening) {
        listening.close();
      }
    }
    return handler.quietWithin(atMost);
  }

  /** How many requests are under way. */
  public int inFlight() {
    return handler.inFlight();
  }

  @Override
  public void close() {
    handler.close();
    heads.close();
    app.stop();
  }

  /** Selectors on threads of their own, requests on virtual ones. */
  private static QueuedThreadPool threads() {
    var threads = new QueuedThreadPool(THREADS_MAX, 4);
    threads.setName("api");
    threads.setDaemon(true);
    threads.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("request-"));
    return threads;
  }

  private static void strict(HttpConfiguration http) {
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(REQUEST_HEADER_BYTES_MAX);
    http.setUriCompliance(UriCompliance.DEFAULT);
    http.setHttpCompliance(HttpCompliance.STRICT);
    http.setIdleTimeout(IDLE_CONNECTION_MAX.toMillis());
  }

  private Connector connector(Server server, HttpConfiguration http) {
    var connector = new ServerConnector(server, 1, -1, new HttpConnectionFactory(http));
    connector.setHost(listen.host());
    connector.setPort(listen.port());
    connector.setAcceptQueueSize(BACKLOG);
    connector.setIdleTimeout(IDLE_CONNECTION_MAX.toMillis());
    connector.addBean(heads);
    return connector;
  }
}
