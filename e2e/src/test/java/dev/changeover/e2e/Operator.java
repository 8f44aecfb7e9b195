package dev.changeover.e2e;

import dev.changeover.operator.OperatorMain;
import dev.changeover.testkit.process.JavaProcess;
import dev.changeover.testkit.process.Page;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** An operator's process on a cluster, and where it is reached. */
record Operator(JavaProcess process, int controlPort, int metricsPort) implements AutoCloseable {
  private static final Pattern STARTED =
      Pattern.compile("\"control\":\"(\\d+)\".*\"metrics\":\"(\\d+)\".*operator started");

  /**
   * What an operator is started with.
   *
   * @param name unique in its folder
   * @param controlPort 0 takes any
   */
  record Start(
      String name,
      Path folder,
      Path kubeconfig,
      String namespace,
      int controlPort,
      int heapMegabytes,
      List<String> options,
      Map<String, String> environment) {}

  static Operator start(Start start) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--kubeconfig=" + start.kubeconfig(),
                "--namespace=" + start.namespace(),
                "--watch-namespaces=" + start.namespace(),
                "--control-port=" + start.controlPort(),
                "--metrics-port=0",
                "--allow-loopback-origins"));
    arguments.addAll(start.options());
    JavaProcess process =
        JavaProcess.start(
            new JavaProcess.Program(
                start.name(),
                OperatorMain.class,
                start.heapMegabytes(),
                start.environment(),
                start.folder()),
            arguments);
    MatchResult started = process.awaitWritten(STARTED);
    return new Operator(
        process, Integer.parseInt(started.group(1)), Integer.parseInt(started.group(2)));
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + controlPort);
  }

  /** A metric's value, of the only series whose name and labels begin so; 0 where there is none. */
  double metric(String series) {
    return Page.get(metricsPort, "/metrics")
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
