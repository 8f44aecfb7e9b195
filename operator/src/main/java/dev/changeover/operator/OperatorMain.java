package dev.changeover.operator;

import dev.changeover.contract.Revision;
import dev.changeover.operator.alerts.AlertPolicy;
import dev.changeover.operator.channel.ChannelServer;
import dev.changeover.operator.channel.Door;
import dev.changeover.operator.channel.FleetBoard;
import dev.changeover.operator.identity.ServerCertificate;
import dev.changeover.operator.identity.TokenVerifier;
import dev.changeover.operator.model.RuleReport;
import dev.changeover.operator.page.MetricsServer;
import dev.changeover.operator.publish.AuthorityStore;
import dev.changeover.operator.publish.ClusterWriter;
import dev.changeover.operator.publish.ConfigPublisher;
import dev.changeover.operator.publish.DurableCopy;
import dev.changeover.operator.publish.Leadership;
import dev.changeover.operator.publish.Monitoring;
import dev.changeover.operator.translate.Origins;
import dev.changeover.operator.translate.Translator;
import dev.changeover.operator.watch.ClusterKeysReader;
import dev.changeover.operator.watch.ClusterWatch;
import dev.changeover.operator.watch.GatewayEndpoints;
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
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
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
  private static final int OVERTAKEN = 3;
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

  /**
   * How gateways of other machines come in.
   *
   * @param service the Service that they dial: the certificate is in its name
   * @param serviceAccount the one whose tokens they show
   */
  public record Admitting(String service, String serviceAccount) {}

  /** Which operator this is to be. */
  public record Settings(
      String releaseNamespace,
      Set<String> watchNamespaces,
      String host,
      int controlPort,
      Origins origins,
      Monitoring.Choice monitoring,
      AlertPolicy alerts,
      String instance,
      Optional<Admitting> admitting,
      Optional<String> gatewayService) {
    public Settings {
      watchNamespaces = Set.copyOf(watchNamespaces);
    }

    /** An operator that only this machine reaches. */
    public Settings(
        String releaseNamespace,
        Set<String> watchNamespaces,
        String host,
        int controlPort,
        Origins origins,
        Monitoring.Choice monitoring,
        AlertPolicy alerts,
        String instance) {
      this(
          releaseNamespace,
          watchNamespaces,
          host,
          controlPort,
          origins,
          monitoring,
          alerts,
          instance,
          Optional.empty(),
          Optional.empty());
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

  /**
   * What an operator is given for its time in office.
   *
   * @param mayAct whether it may publish and write at this moment
   * @param deposed told when another leader has taken over
   */
  private record Office(
      PrometheusMeterRegistry registry,
      OperatorMeters meters,
      BooleanSupplier mayAct,
      LongConsumer deposed) {}

  private record Doorway(Door door, DoorKeeper keeper) {}

  /** A running operator. */
  public static final class Running implements AutoCloseable {
    private final ClusterWatch watch;
    private final ChannelServer channel;
    private final ClusterWriter writer;
    private final ControlLoop loop;
    private final PrometheusMeterRegistry registry;
    private final Runnable more;

    private Running(
        ClusterWatch watch,
        ChannelServer channel,
        ClusterWriter writer,
        ControlLoop loop,
        PrometheusMeterRegistry registry,
        Runnable more) {
      this.watch = watch;
      this.channel = channel;
      this.writer = writer;
      this.loop = loop;
      this.registry = registry;
      this.more = more;
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
      more.run();
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
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var office = new Office(registry, new OperatorMeters(registry, version()), () -> true, deposed);
    return start(client, settings, gateways, office);
  }

  private static Running start(
      KubernetesClient client,
      Settings settings,
      Optional<Supplier<Set<String>>> gateways,
      Office office) {
    InstantSource clock = InstantSource.system();
    var wakeups = new Wakeups();
    OperatorMeters meters = office.meters();

    var copy = new DurableCopy(client, settings.releaseNamespace(), clock, meters::wrote);
    DurableCopy.Memory memory = copy.lead(Revision.NONE);
    meters.leads(true);
    log.atInfo().addKeyValue("epoch", copy.epoch()).log("operator leads");

    var watch = new ClusterWatch(client, settings.watchNamespaces(), wakeups::wake, clock);
    var board = new FleetBoard(clock, System::nanoTime, wakeups::wake, meters::holdDelayed);
    board.update(health -> health.joined(memory.holds()));
    Optional<Doorway> doorway =
        settings.admitting().map(admitting -> doorway(client, settings, admitting, office));
    var channel =
        ChannelServer.start(
            new ChannelServer.Listen(
                settings.host(), settings.controlPort(), doorway.map(Doorway::door)),
            board,
            clock,
            System::nanoTime);
    board.onHolds(channel::spread);

    Optional<GatewayEndpoints> endpoints =
        settings
            .gatewayService()
            .map(service ->
                new GatewayEndpoints(client, settings.releaseNamespace(), service, wakeups::wake));

    var publisher =
        new ConfigPublisher(config -> {
          if (office.mayAct().getAsBoolean()) {
            channel.publish(config);
          }
        });
    publisher.lead(copy.epoch());
    var habits =
        new ClusterWriter.Habits(
            settings.watchNamespaces(), settings.instance(), RuleReport.Writing.ENABLED);
    LongConsumer overtaken =
        epoch -> {
          meters.leads(false);
          office.deposed().accept(epoch);
        };
    var writer = new ClusterWriter(client, copy, habits, clock, meters::wrote, overtaken);
    var monitoring = new Monitoring(client, settings.monitoring(), clock);
    var loop =
        new ControlLoop(
            wakeups,
            new ControlLoop.Ends(watch, monitoring, publisher, copy, board, channel, writer),
            new Translator(settings.origins(), settings.releaseNamespace()),
            settings.alerts(),
            gateways.or(() -> endpoints).orElse(channel::gateways),
            meters,
            office.mayAct(),
            overtaken,
            clock);
    var running =
        new Running(
            watch,
            channel,
            writer,
            loop,
            office.registry(),
            () -> {
              doorway.map(Doorway::keeper).ifPresent(DoorKeeper::close);
              endpoints.ifPresent(GatewayEndpoints::close);
            });
    try {
      endpoints.ifPresent(GatewayEndpoints::start);
      watch.start();
    } catch (OperatorException | KubernetesClientException e) {
      running.close();
      throw e;
    }
    writer.start();
    loop.start();
    doorway.map(Doorway::keeper).ifPresent(DoorKeeper::start);
    wakeups.wake();
    return running;
  }

  /** The channel's door, and who looks after what it rests on. */
  private static Doorway doorway(
      KubernetesClient client, Settings settings, Admitting admitting, Office office) {
    InstantSource clock = InstantSource.system();
    var random = new SecureRandom();
    String namespace = settings.releaseNamespace();
    var authorities = new AuthorityStore(client, namespace, clock, random, office.meters()::wrote);
    authorities.open();
    var keys = new ClusterKeysReader(client, clock);
    keys.read();
    var keeper = new DoorKeeper(authorities, keys);
    String host = "%s.%s.svc".formatted(admitting.service(), namespace);
    var certificate =
        new ServerCertificate(
            authorities::current, List.of(host, host + ".cluster.local"), clock, random);
    var verifier = new TokenVerifier(namespace, admitting.serviceAccount(), keys::current, clock);
    return new Doorway(new Door(certificate::current, verifier::judge, keeper::unknownKey), keeper);
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
    var end = new End();
    var stopped = new CountDownLatch(1);
    try {
      Settings settings = settings();
      Optional<Leadership> leadership =
          lease.map(name ->
              new Leadership(
                  new Leadership.Terms(namespace, name, holder(), leaseDuration),
                  InstantSource.system(),
                  System::nanoTime));
      var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      var office =
          new Office(
              registry,
              new OperatorMeters(registry, version()),
              () -> leadership.map(Leadership::holds).orElse(true),
              _ -> end.now(OVERTAKEN));
      var running = new AtomicReference<Optional<Running>>(Optional.empty());
      try (KubernetesClient client = client(leadership);
          MetricsServer metrics =
              MetricsServer.start(
                  listen,
                  metricsPort,
                  registry::scrape,
                  () -> running.get().map(Running::ready).orElse(false))) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(end, stopped), "stop"));
        leadership.ifPresent(one -> one.stand(client, () -> end.now(OVERTAKEN)));
        try {
          if (leads(leadership, end)) {
            try (Running started = start(client, settings, Optional.empty(), office)) {
              running.set(Optional.of(started));
              log.atInfo()
                  .addKeyValue("control", started.controlPort())
                  .addKeyValue("metrics", metrics.port())
                  .log("operator started");
              end.await();
              log.atInfo().log("operator stops");
            }
          }
        } finally {
          leadership.ifPresent(Leadership::close);
        }
        return end.status();
      }
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

  /** Waits for the right to lead; false if the operator is to stop before it comes. */
  private static boolean leads(Optional<Leadership> leadership, End end)
      throws InterruptedException {
    while (leadership.isPresent() && !leadership.get().await(LEASE_LOOK)) {
      if (end.reached()) {
        return false;
      }
    }
    return !end.reached();
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

  /**
   * A pod's name is its own, also when its container starts again; any other name may be shared.
   */
  private static String holder() {
    return environment("POD_NAME")
        .orElseGet(() -> environment("HOSTNAME").orElse("operator") + "-" + UUID.randomUUID());
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
  private static void stop(End end, CountDownLatch stopped) {
    end.now(0);
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
        environment("HOSTNAME").orElse("operator"),
        admitting(),
        gatewayService);
  }

  private Optional<Admitting> admitting() {
    if (controlService.isPresent() != gatewayServiceAccount.isPresent()) {
      throw new IllegalArgumentException(
          "--control-service and --gateway-service-account go together");
    }
    if (controlService.isEmpty() && !isLoopback(listen)) {
      throw new IllegalArgumentException(
          "beyond loopback the channel needs TLS and tokens: name a --control-service and a"
              + " --gateway-service-account");
    }
    return controlService.map(service -> new Admitting(service, gatewayServiceAccount.get()));
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

  private static String version() {
    return Optional.ofNullable(OperatorMain.class.getPackage().getImplementationVersion())
        .orElse("dev");
  }
}
