package dev.changeover.operator;

import dev.changeover.operator.alerts.AlertPolicy;
import dev.changeover.operator.page.MetricsServer;
import dev.changeover.operator.publish.Leadership;
import dev.changeover.operator.publish.Monitoring;
import dev.changeover.operator.translate.Origins;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javalin.util.JavalinBindException;
import io.javaoperatorsdk.operator.OperatorException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The operator as a process: its command line, the Lease that it waits for, and its end. */
@Command(
    name = "operator",
    mixinStandardHelpOptions = true,
    description = "Turns LlmProviders and LlmRoutes into configuration for a fleet of gateways.")
public final class OperatorMain implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(OperatorMain.class);
  private static final int REFUSED = 2;
  private static final int OVERTAKEN = 3;
  private static final String POD_NAME = "POD_NAME";
  private static final Duration LEASE_LOOK = Duration.ofMillis(100);

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "How to reach the API server; default: as a pod does.")
  private Optional<Path> kubeconfig = Optional.empty();

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      defaultValue = "${env:POD_NAMESPACE:-changeover}",
      description = "The release's namespace, which keeps the Secret changeover-config.")
  private String namespace = "changeover";

  @Option(
      names = "--watch-namespaces",
      paramLabel = "NAME",
      split = ",",
      description = "Namespaces whose resources count; default: all.")
  private Set<String> watchNamespaces = new TreeSet<>();

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "The address to listen on; beyond loopback, name a --control-service.")
  private String listen = "127.0.0.1";

  @Option(names = "--control-port", defaultValue = "9443", description = "Gateways dial it.")
  private int controlPort;

  @Option(names = "--metrics-port", defaultValue = "9090", description = "Metrics and health.")
  private int metricsPort;

  @Option(
      names = "--control-service",
      paramLabel = "NAME",
      description =
          "The Service that gateways dial: the channel has TLS in its name, and asks for tokens.")
  private Optional<String> controlService = Optional.empty();

  @Option(
      names = "--gateway-service-account",
      paramLabel = "NAME",
      description = "The ServiceAccount whose tokens open the channel.")
  private Optional<String> gatewayServiceAccount = Optional.empty();

  @Option(
      names = "--gateway-service",
      paramLabel = "NAME",
      description =
          "The Service whose ready pods should have each change; default: the gateways that came.")
  private Optional<String> gatewayService = Optional.empty();

  @Option(
      names = "--lease",
      paramLabel = "NAME",
      description = "The Lease to wait for, and to hold, in the release's namespace.")
  private Optional<String> lease = Optional.empty();

  @Option(
      names = "--lease-duration",
      paramLabel = "DURATION",
      defaultValue = "PT90S",
      description =
          "How long the Lease of a vanished operator holds up the next; default ${DEFAULT-VALUE}.")
  private Duration leaseDuration = Duration.ofSeconds(90);

  @Option(
      names = "--allow-loopback-origins",
      description = "Providers may be on this machine, and without TLS.")
  private boolean loopbackOrigins;

  @Option(
      names = "--allow-plain-http",
      description = "Providers may be without TLS: model servers inside the cluster.")
  private boolean plainHttp;

  @Option(
      names = "--runbook-url",
      paramLabel = "URL",
      description = "Where runbooks are; /ALERT is added. Default: alert rules name none.")
  private Optional<String> runbookUrl = Optional.empty();

  @Option(
      names = "--alert-label",
      paramLabel = "NAME=VALUE",
      description = "A label of every PrometheusRule, such as Prometheus selects them by.")
  private Map<String, String> alertLabels = new TreeMap<>();

  @Option(
      names = "--disable-alert",
      paramLabel = "NAME",
      description = "An alert that is not wanted.")
  private Set<String> disabledAlerts = new TreeSet<>();

  @Option(
      names = "--assume-monitoring-api",
      hidden = true,
      description = "Writes PrometheusRules without asking whether the API server knows them.")
  private boolean monitoringAssumed;

  private final End end = new End();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final AtomicReference<Optional<Operator>> running =
      new AtomicReference<>(Optional.empty());

  /** The command's entry. */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new OperatorMain())
            .setParameterExceptionHandler((e, _) -> refused(e.getMessage()))
            .execute(arguments));
  }

  @Override
  public Integer call() throws InterruptedException {
    try {
      serve(settings());
      return end.status();
    } catch (UncheckedIOException | IllegalArgumentException e) {
      return refused("Cannot start: " + e.getMessage());
    } catch (JavalinBindException e) {
      return refused(
          "Cannot start: %s Or give another --control-port or --metrics-port."
              .formatted(e.getMessage()));
    } catch (OperatorException | KubernetesClientException e) {
      return refused(
          "Cannot work with the API server %s: %s"
              .formatted(config().getMasterUrl(), e.getMessage()));
    } finally {
      stopped.countDown();
    }
  }

  /** Shows the metrics and stands for the Lease until the end; leads if it comes before that. */
  private void serve(Operator.Settings settings) throws InterruptedException {
    Optional<Leadership> leadership = lease.map(this::leadership);
    var office =
        Operator.Office.of(
            () -> leadership.map(Leadership::holds).orElse(true), _ -> end.now(OVERTAKEN));
    Runnable lost =
        () -> {
          office.meters().leads(false);
          end.now(OVERTAKEN);
        };
    try (KubernetesClient client = client(leadership);
        MetricsServer metrics =
            MetricsServer.start(
                listen,
                metricsPort,
                office.registry()::scrape,
                () -> running.get().map(Operator::ready).orElse(false))) {
      Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
      leadership.ifPresent(one -> one.stand(client, lost));
      try {
        if (awaitLead(leadership)) {
          lead(settings, client, office, metrics);
        }
      } finally {
        leadership.ifPresent(Leadership::close);
      }
    }
  }

  private Leadership leadership(String leaseName) {
    return new Leadership(
        new Leadership.Terms(namespace, leaseName, holder(), leaseDuration),
        InstantSource.system(),
        System::nanoTime);
  }

  /** Waits for the right to lead; false if the operator is to stop before it comes. */
  private boolean awaitLead(Optional<Leadership> leadership) throws InterruptedException {
    while (leadership.isPresent() && !leadership.get().await(LEASE_LOOK)) {
      if (end.reached()) {
        return false;
      }
    }
    return !end.reached();
  }

  private void lead(
      Operator.Settings settings,
      KubernetesClient client,
      Operator.Office office,
      MetricsServer metrics)
      throws InterruptedException {
    var with = new Operator.Surroundings(client, InstantSource.system(), System::nanoTime);
    try (Operator started = Operator.start(settings, with, Optional.empty(), office)) {
      running.set(Optional.of(started));
      log.atInfo()
          .addKeyValue("control", started.controlPort())
          .addKeyValue("metrics", metrics.port())
          .log("operator started");
      end.await();
      log.atInfo().log("operator stops");
    }
  }

  /** A client that writes nothing once the Lease is over. */
  private KubernetesClient client(Optional<Leadership> leadership) {
    return new KubernetesClientBuilder()
        .withConfig(config())
        .withHttpClientBuilderConsumer(http ->
            leadership
                .map(Leadership::fence)
                .ifPresent(fence -> http.addOrReplaceInterceptor("lease", fence)))
        .build();
  }

  private static String podName() {
    return environment(POD_NAME).or(() -> environment("HOSTNAME")).orElse("operator");
  }

  /**
   * A pod's name is its own, also when its container starts again; any other name may be shared.
   */
  private static String holder() {
    boolean isOwn = environment(POD_NAME).isPresent();
    return isOwn ? podName() : podName() + "-" + UUID.randomUUID();
  }

  private static Optional<String> environment(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
  }

  /** That the operator is to end, and with which exit status. */
  private static final class End {
    private final CountDownLatch reached = new CountDownLatch(1);
    private int status;

    synchronized void now(int exitStatus) {
      if (!reached()) {
        status = exitStatus;
        reached.countDown();
      }
    }

    synchronized int status() {
      return status;
    }

    boolean reached() {
      return reached.getCount() == 0;
    }

    void await() throws InterruptedException {
      reached.await();
    }
  }

  private static int refused(@Nullable String why) {
    System.err.println(String.valueOf(why).lines().collect(Collectors.joining(" ")));
    return REFUSED;
  }

  /** On SIGTERM: lets the main thread close everything, and waits for it. */
  private void stop() {
    end.now(0);
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Operator.Settings settings() {
    return new Operator.Settings(
        namespace,
        watchNamespaces,
        listen,
        controlPort,
        origins(),
        monitoringAssumed ? Monitoring.Choice.ASSUMED : Monitoring.Choice.DISCOVERED,
        new AlertPolicy(runbookUrl, new TreeMap<>(alertLabels), disabledAlerts),
        podName(),
        admitting(),
        gatewayService);
  }

  private Optional<Operator.Admitting> admitting() {
    if (controlService.isPresent() != gatewayServiceAccount.isPresent()) {
      throw new IllegalArgumentException(
          "--control-service and --gateway-service-account go together");
    }
    if (controlService.isEmpty() && !isLoopback(listen)) {
      throw new IllegalArgumentException(
          "beyond loopback the channel needs TLS and tokens: name a --control-service and a"
              + " --gateway-service-account");
    }
    return controlService.map(
        service -> new Operator.Admitting(service, gatewayServiceAccount.get()));
  }

  private static boolean isLoopback(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("no address to listen on: " + address, e);
    }
  }

  private Origins origins() {
    if (loopbackOrigins) {
      return Origins.LOOPBACK;
    }
    return plainHttp ? Origins.PLAIN_HTTP : Origins.PUBLIC;
  }

  private Config config() {
    if (kubeconfig.isEmpty()) {
      return new ConfigBuilder().build();
    }
    File file = kubeconfig.get().toFile();
    try {
      return Config.fromKubeconfig(Files.readString(file.toPath()));
    } catch (IOException e) {
      throw new UncheckedIOException("kubeconfig " + file + " cannot be read", e);
    }
  }
}
