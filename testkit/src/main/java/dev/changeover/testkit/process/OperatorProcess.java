package dev.changeover.testkit.process;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** An operator's process that leads, and where it is reached. */
public record OperatorProcess(JavaProcess process, int controlPort, int metricsPort)
    implements AutoCloseable {
  private static final Pattern STARTED =
      Pattern.compile("\"control\":\"(\\d+)\".*\"metrics\":\"(\\d+)\".*operator started");

  /**
   * What an operator is started with.
   *
   * @param main the operator's main class
   * @param name unique in its folder
   * @param logs where what it writes is kept
   * @param kubeconfig the file that says which API server it talks to, and as whom
   * @param namespace its own
   * @param controlPort 0 takes any
   * @param heapMegabytes the largest heap
   */
  public record Start(
      Class<?> main,
      String name,
      Path logs,
      Path kubeconfig,
      String namespace,
      int controlPort,
      int heapMegabytes,
      List<String> options,
      Map<String, String> environment) {}

  /** Starts one and waits until it leads. */
  public static OperatorProcess start(Start start) {
    JavaProcess process = launch(start);
    MatchResult started = process.awaitStarted(STARTED);
    return new OperatorProcess(
        process, Integer.parseInt(started.group(1)), Integer.parseInt(started.group(2)));
  }

  /** The process alone: one that finds another leading has not started yet. */
  public static JavaProcess launch(Start start) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--kubeconfig=" + start.kubeconfig(),
                "--namespace=" + start.namespace(),
                "--control-port=" + start.controlPort(),
                "--metrics-port=0",
                "--allow-loopback-origins"));
    arguments.addAll(start.options());
    return JavaProcess.start(
        new JavaProcess.Program(
            start.name(), start.main(), start.heapMegabytes(), start.environment(), start.logs()),
        arguments);
  }

  /** Where gateways reach it. */
  public URI address() {
    return URI.create("http://127.0.0.1:" + controlPort);
  }

  public Page metrics() {
    return Page.get(metricsPort, "/metrics");
  }

  /** The sum of all series whose name and labels begin so; 0 where there is none. */
  public double metric(String series) {
    return metrics()
        .body()
        .lines()
        .filter(line -> line.startsWith(series))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Override
  public void close() {
    process.close();
  }
}
