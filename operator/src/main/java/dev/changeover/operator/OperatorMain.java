package dev.changeover.operator;

import dev.changeover.contract.Revision;
import dev.changeover.operator.alerts.AlertPolicy;
import dev.changeover.operator.channel.ChannelServer;
import dev.changeover.operator.channel.FleetBoard;
import dev.changeover.operator.model.RuleReport;
import dev.changeover.operator.page.MetricsServer;
import dev.changeover.operator.publish.ClusterWriter;
import dev.changeover.operator.publish.ConfigPublisher;
import dev.changeover.operator.publish.DurableCopy;
import dev.changeover.operator.publish.Monitoring;
import dev.changeover.operator.translate.Origins;
import dev.changeover.operator.translate.Translator;
import dev.changeover.operator.watch.ClusterWatch;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javalin.util.JavalinBindException;
import io.javaoperatorsdk.operator.OperatorException;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The operator: its command line, and the one place where its parts are put together. */
@Command(
    name = "operator",
    mixinStandardHelpOptions = true,
    description = "Turns LlmProviders and LlmRoutes into configuration for a fleet of gateways.")
public final class OperatorMain implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(OperatorMain.class);
  private static final int REFUSED = 2;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "How to reach the API server; default: as a pod does.")
  private Optional<Path> kubeconfig = Optional.empty();

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      defaultValue = "changeover",
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
      description = "The address to listen on; the channel is not encrypted yet.")
  private String listen = "127.0.0.1";

  @Option(names = "--control-port", defaultValue = "9443", description = "Gateways dial it.")
  private int controlPort;

  @Option(names = "--metrics-port", defaultValue = "9090", description = "Metrics and health.")
  private int metricsPort;

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

  /** Which operator this is to be. */
  public record Settings(
      String releaseNamespace,
      Set<String> watchNamespaces,
      String host,
      int controlPort,
      Origins origins,
      Monitoring.Choice monitoring,
      AlertPolicy alerts,
      String instance) {
    public Settings {
      watchNamespaces = Set.copyOf(watchNamespaces);
    }

    /** An operator for one machine: every namespace, origins on loopback, a free port. */
    public static Settings local(String releaseNamespace) {
      return new Settings(
          releaseNamespace,
          Set.of(),
          "127.0.0.1",
          0,
          Origins.LOOPBACK,
          Monitoring.Choice.ASSUMED,
          AlertPolicy.DEFAULT,
          "local");
    }
  }

  /** A running operator. */
  public static final class Running implements AutoCloseable {
    private final ClusterWatch watch;
    private final ChannelServer channel;
    private final ClusterWriter writer;
    private final ControlLoop loop;
    private final PrometheusMeterRegistry registry;

    private Running(
        ClusterWatch watch,
        ChannelServer channel,
        ClusterWriter writer,
        ControlLoop loop,
        PrometheusMeterRegistry registry) {
      this.watch = watch;
      this.channel = channel;
      this.writer = writer;
      this.loop = loop;
      this.registry = registry;
    }

    /** Where gateways dial. */
    public int controlPort() {
      return channel.port();
    }

    /** The gateways that have said Hello and are still there. */
    public Set<String> gateways() {
      return channel.gateways();
    }

    /** The metrics, as Prometheus reads them. */
    public String metrics() {
      return registry.scrape();
    }

    /** Whether everything has been read, and the last pass went through. */
    public boolean ready() {
      return loop.current() && watch.healthy();
    }

    /** Stops in an order that leaves the newest configuration in its Secret. */
    @Override
    public void close() {
      loop.close();
      watch.close();
      writer.close();
      channel.close();
      registry.close();
    }
  }

  /**
   * Puts an operator together and starts it.
   *
   * @param client how the API server is reached; whoever made it closes it, after the operator
   * @param gateways the gateways that should have each change, where somebody knows better than the
   *     operator; otherwise those that have said Hello
   * @param deposed told when another leader has taken over: this operator is to end then
   */
  public static Running start(
      KubernetesClient client,
      Settings settings,
      Optional<Supplier<Set<String>>> gateways,
      LongConsumer deposed) {
    InstantSource clock = InstantSource.system();
    var wakeups = new Wakeups();
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var meters = new OperatorMeters(registry, version());

    var copy = new DurableCopy(client, settings.releaseNamespace(), clock, meters::wrote);
    DurableCopy.Memory memory = copy.lead(Revision.NONE); // one replica; the door for an election
    meters.leads(true);
    log.atInfo().addKeyValue("epoch", copy.epoch()).log("operator leads");

    var watch = new ClusterWatch(client, settings.watchNamespaces(), wakeups::wake, clock);
    var board = new FleetBoard(clock, System::nanoTime, wakeups::wake, meters::holdDelayed);
    board.update(health -> health.joined(memory.holds()));
    var channel =
        ChannelServer.start(
            settings.host(), settings.controlPort(), board, clock, System::nanoTime);
    board.onHolds(channel::spread);

    var publisher = new ConfigPublisher(channel::publish);
    publisher.lead(copy.epoch());
    var habits =
        new ClusterWriter.Habits(
            settings.watchNamespaces(), settings.instance(), RuleReport.Writing.ENABLED);
    LongConsumer overtaken =
        epoch -> {
          meters.leads(false);
          deposed.accept(epoch);
        };
    var writer = new ClusterWriter(client, copy, habits, clock, meters::wrote, overtaken);
    var monitoring = new Monitoring(client, settings.monitoring(), clock);
    var loop =
        new ControlLoop(
            wakeups,
            new ControlLoop.Ends(watch, monitoring, publisher, copy, board, channel, writer),
            new Translator(settings.origins(), settings.releaseNamespace()),
            settings.alerts(),
            gateways.orElse(channel::gateways),
            meters,
            overtaken,
            clock);
    var running = new Running(watch, channel, writer, loop, registry);
    try {
      watch.start();
    } catch (OperatorException | KubernetesClientException e) {
      running.close();
      throw e;
    }
    writer.start();
    loop.start();
    wakeups.wake();
    return running;
  }

  /** The command's entry. */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new OperatorMain())
            .setParameterExceptionHandler((e, _) -> refused(e.getMessage()))
            .execute(arguments));
  }

  @Override
  public Integer call() throws InterruptedException {
    var end = new CountDownLatch(1);
    var stopped = new CountDownLatch(1);
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config()).build();
        Running running = start(client, settings(), Optional.empty(), _ -> end.countDown());
        MetricsServer metrics =
            MetricsServer.start(listen, metricsPort, running::metrics, running::ready)) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(end, stopped), "stop"));
      log.atInfo()
          .addKeyValue("control", running.controlPort())
          .addKeyValue("metrics", metrics.port())
          .log("operator started");
      end.await();
      log.atInfo().log("operator stops");
      return 0;
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

  private static int refused(@Nullable String why) {
    System.err.println(String.valueOf(why).lines().collect(Collectors.joining(" ")));
    return REFUSED;
  }

  /** On SIGTERM: lets the main thread close everything, and waits for it. */
  private static void stop(CountDownLatch end, CountDownLatch stopped) {
    end.countDown();
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Settings settings() {
    return new Settings(
        namespace,
        watchNamespaces,
        listen,
        controlPort,
        origins(),
        monitoringAssumed ? Monitoring.Choice.ASSUMED : Monitoring.Choice.DISCOVERED,
        new AlertPolicy(runbookUrl, new TreeMap<>(alertLabels), disabledAlerts),
        Optional.ofNullable(System.getenv("HOSTNAME")).orElse("operator"));
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

  private static String version() {
    return Optional.ofNullable(OperatorMain.class.getPackage().getImplementationVersion())
        .orElse("dev");
  }
}
