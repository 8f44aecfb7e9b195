package dev.changeover.testkit.process;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A gateway's process, and where it is reached. */
public record GatewayProcess(JavaProcess process, int port, int metricsPort)
    implements AutoCloseable {
  private static final Pattern SERVES =
      Pattern.compile("serves on http://127\\.0\\.0\\.1:(\\d+), metrics on http://[^:]+:(\\d+)/");

  /**
   * What a gateway is started with.
   *
   * @param main the gateway's main class
   * @param logs where what it writes is kept
   * @param config the folder that it reads
   */
  public record Start(
      Class<?> main,
      String name,
      Path logs,
      Path config,
      List<URI> operators,
      List<String> options,
      Map<String, String> environment) {}

  public static GatewayProcess start(Start start) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--config=" + start.config(),
                "--port=0",
                "--metrics-port=0",
                "--name=" + start.name()));
    start.operators().forEach(operator -> arguments.add("--operator=" + operator));
    arguments.addAll(start.options());
    JavaProcess process =
        JavaProcess.start(
            new JavaProcess.Program(start.name(), start.main(), start.environment(), start.logs()),
            arguments);
    MatchResult serves = process.awaitStarted(SERVES);
    return new GatewayProcess(
        process, Integer.parseInt(serves.group(1)), Integer.parseInt(serves.group(2)));
  }

  /** Where callers reach it. */
  public String origin() {
    return "http://127.0.0.1:" + port;
  }

  public Page metrics() {
    return Page.get(metricsPort, "/metrics");
  }

  public boolean ready() {
    return Page.get(metricsPort, "/readyz").status() == 200;
  }

  /** Whether it holds this provider for that reason, as its metrics say. */
  public boolean holds(String provider, String reason) {
    return holds(metrics().body(), provider, reason);
  }

  /** Whether the gateway with these metrics holds this provider for that reason. */
  public static boolean holds(String metrics, String provider, String reason) {
    return metrics
        .lines()
        .filter(line -> line.matches("llm_provider_holds[{].*[}] 1([.]0)?"))
        .anyMatch(line ->
            line.contains("provider=\"" + provider + "\"")
                && line.contains("reason=\"" + reason + "\""));
  }

  @Override
  public void close() {
    process.close();
  }
}
