package dev.changeover.gateway.http;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The port for machines that look after the gateway: metrics and health. */
public final class SideServer implements AutoCloseable {
  private static final int THREADS_MAX = 16;
  private static final int UNAVAILABLE = 503;

  private final Javalin app;
  private final ApiServer.Listen listen;

  /**
   * @param ready whether requests should be sent here
   * @param metrics the metrics' text
   */
  public SideServer(
      ApiServer.Listen listen,
      BooleanSupplier ready,
      Supplier<String> metrics,
      String metricsContentType) {
    this.listen = listen;
    app =
        Javalin.create(javalin -> {
          javalin.startup.showJavalinBanner = false;
          javalin.startup.showOldJavalinVersionWarning = false;
          javalin.startup.startupWatcherEnabled = false;
          javalin.http.compressionStrategy = CompressionStrategy.NONE;
          var threads = new QueuedThreadPool(THREADS_MAX, 2);
          threads.setName("side");
          threads.setDaemon(true);
          javalin.jetty.threadPool = threads;
          javalin.jetty.host = listen.host();
          javalin.jetty.port = listen.port();
          javalin.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
          javalin.routes.get(
              "/metrics", context -> context.contentType(metricsContentType).result(metrics.get()));
          javalin.routes.get("/healthz", context -> context.result("ok\n"));
          javalin.routes.get("/readyz", context -> readiness(context, ready.getAsBoolean()));
        });
  }

  /** Begins to listen. Throws an IOException that says what to do when the port is taken. */
  public void start() throws IOException {
    ApiServer.begin(app, listen);
  }

  public int port() {
    return app.port();
  }

  @Override
  public void close() {
    app.stop();
  }

  private static void readiness(Context context, boolean ready) {
    context.status(ready ? 200 : UNAVAILABLE).result(ready ? "ready\n" : "not ready\n");
  }
}
