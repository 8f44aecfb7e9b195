package dev.changeover.operator.page;

import io.javalin.Javalin;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** {@code /metrics}, {@code /healthz} and {@code /readyz} on a port of their own. */
public final class MetricsServer implements AutoCloseable {
  private static final int THREADS_MAX = 16;
  private static final int THREADS_MIN = 2;

  private final Javalin app;

  private MetricsServer(Javalin app) {
    this.app = app;
  }

  public static MetricsServer start(
      String host, int port, Supplier<String> metrics, BooleanSupplier ready) {
    Javalin app =
        Javalin.create(config -> {
          config.startup.showJavalinBanner = false;
          config.startup.showOldJavalinVersionWarning = false;
          config.startup.startupWatcherEnabled = false;
          var threads = new QueuedThreadPool(THREADS_MAX, THREADS_MIN);
          threads.setName("metrics");
          threads.setDaemon(true);
          config.jetty.threadPool = threads;
          config.routes.get(
              "/metrics",
              context ->
                  context
                      .contentType("text/plain; version=0.0.4; charset=utf-8")
                      .result(metrics.get()));
          config.routes.get("/healthz", context -> context.result("ok"));
          config.routes.get(
              "/readyz",
              context -> {
                boolean isReady = ready.getAsBoolean();
                context.status(isReady ? 200 : 503).result(isReady ? "ready" : "not ready");
              });
        });
    return new MetricsServer(app.start(host, port));
  }

  public int port() {
    return app.port();
  }

  @Override
  public void close() {
    app.stop();
  }
}
