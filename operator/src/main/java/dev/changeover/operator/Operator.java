package dev.changeover.operator;

import dev.changeover.contract.Revision;
import dev.changeover.operator.alerts.AlertPolicy;
import dev.changeover.operator.channel.ChannelServer;
import dev.changeover.operator.channel.Door;
import dev.changeover.operator.channel.FleetBoard;
import dev.changeover.operator.identity.ServerCertificate;
import dev.changeover.operator.identity.TokenVerifier;
import dev.changeover.operator.publish.AuthorityStore;
import dev.changeover.operator.publish.ClusterWriter;
import dev.changeover.operator.publish.ConfigPublisher;
import dev.changeover.operator.publish.DurableCopy;
import dev.changeover.operator.publish.Monitoring;
import dev.changeover.operator.translate.Origins;
import dev.changeover.operator.translate.Translator;
import dev.changeover.operator.watch.ClusterKeysReader;
import dev.changeover.operator.watch.ClusterWatch;
import dev.changeover.operator.watch.GatewayEndpoints;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.OperatorException;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One operator, put together in the order of the picture. */
public final class Operator implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Operator.class);

  /**
   * How gateways of other machines come in.
   *
   * @param service the Service that they dial: the certificate is in its name
   * @param serviceAccount the one whose tokens they show
   */
  public record Admitting(String service, String serviceAccount) {}

  /**
   * Which operator this is to be.
   *
   * @param admitting how gateways of other machines come in; nobody else's, where it is empty
   * @param gatewayService the Service whose ready pods should have each change, where there is one
   */
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
          "local",
          Optional.empty(),
          Optional.empty());
    }
  }

  /** How the API server is reached, by a client that outlives the operator, and what time it is. */
  public record Surroundings(
      KubernetesClient client, InstantSource clock, LongSupplier nanoClock) {}

  /**
   * What an operator is given for its time in office.
   *
   * @param mayAct whether it may publish and write at this moment
   * @param deposed told when another leader has taken over: this operator is to end then
   */
  record Office(
      PrometheusMeterRegistry registry,
      OperatorMeters meters,
      BooleanSupplier mayAct,
      LongConsumer deposed) {
    static Office of(BooleanSupplier mayAct, LongConsumer deposed) {
      var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      return new Office(registry, new OperatorMeters(registry, version()), mayAct, deposed);
    }
  }

  /** The channel's door, and who looks after what it rests on. */
  private record Doorway(Door door, DoorKeeper keeper) {}

  private final Wakeups wakeups = new Wakeups();
  private final PrometheusMeterRegistry registry;
  private final ClusterWatch watch;
  private final Optional<Doorway> doorway;
  private final ChannelServer channel;
  private final Optional<GatewayEndpoints> endpoints;
  private final ClusterWriter writer;
  private final ControlLoop loop;

  private Operator(
      Settings settings,
      Surroundings with,
      Optional<Supplier<Set<String>>> gateways,
      Office office) {
    KubernetesClient client = with.client();
    InstantSource clock = with.clock();
    OperatorMeters meters = office.meters();
    registry = office.registry();

    var copy = new DurableCopy(client, settings.releaseNamespace(), clock, meters::wrote);
    DurableCopy.Memory memory = copy.lead(Revision.NONE);
    meters.leads(true);
    log.atInfo().addKeyValue("epoch", copy.epoch()).log("operator leads");

    watch = new ClusterWatch(client, settings.watchNamespaces(), wakeups::wake, clock);
    var board = new FleetBoard(clock, with.nanoClock(), wakeups::wake, meters::holdDelayed);
    board.update(health -> health.joined(memory.holds()));
    doorway = settings.admitting().map(admitting -> doorway(settings, admitting, with, meters));
    channel =
        ChannelServer.start(
            new ChannelServer.Listen(
                settings.host(), settings.controlPort(), doorway.map(Doorway::door)),
            board,
            clock,
            with.nanoClock());
    board.onHolds(channel::spread);

    endpoints =
        settings
            .gatewayService()
            .map(service ->
                new GatewayEndpoints(client, settings.releaseNamespace(), service, wakeups::wake));

    var publisher = new ConfigPublisher(channel::publish);
    publisher.lead(copy.epoch());
    var habits = new ClusterWriter.Habits(settings.watchNamespaces(), settings.instance());
    LongConsumer overtaken =
        epoch -> {
          meters.leads(false);
          office.deposed().accept(epoch);
        };
    writer = new ClusterWriter(client, copy, habits, clock, meters::wrote, overtaken);
    var monitoring = new Monitoring(client, settings.monitoring(), clock);
    loop =
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
  }

  /** What opens the door to gateways of other machines: a certificate, and the tokens' keys. */
  private static Doorway doorway(
      Settings settings, Admitting admitting, Surroundings with, OperatorMeters meters) {
    var random = new SecureRandom();
    String namespace = settings.releaseNamespace();
    InstantSource clock = with.clock();
    var authorities = new AuthorityStore(with.client(), namespace, clock, random, meters::wrote);
    authorities.open();
    var keys = new ClusterKeysReader(with.client(), clock);
    keys.read();
    var keeper = new DoorKeeper(authorities, keys);
    String host = "%s.%s.svc".formatted(admitting.service(), namespace);
    var certificate =
        new ServerCertificate(
            authorities::current, List.of(host, host + ".cluster.local"), clock, random);
    var verifier = new TokenVerifier(namespace, admitting.serviceAccount(), keys::current, clock);
    return new Doorway(new Door(certificate::current, verifier::judge, keeper::unknownKey), keeper);
  }

  /**
   * Puts an operator together and starts it.
   *
   * @param gateways the gateways that should have each change, where somebody knows better than the
   *     operator; otherwise those that have said Hello
   * @param deposed told when another leader has taken over: this operator is to end then
   */
  public static Operator start(
      Settings settings,
      Surroundings with,
      Optional<Supplier<Set<String>>> gateways,
      LongConsumer deposed) {
    return start(settings, with, gateways, Office.of(() -> true, deposed));
  }

  static Operator start(
      Settings settings,
      Surroundings with,
      Optional<Supplier<Set<String>>> gateways,
      Office office) {
    var operator = new Operator(settings, with, gateways, office);
    try {
      operator.begin();
      return operator;
    } catch (OperatorException | KubernetesClientException e) {
      operator.close();
      throw e;
    }
  }

  private void begin() {
    endpoints.ifPresent(GatewayEndpoints::start);
    watch.start();
    writer.start();
    loop.start();
    doorway.map(Doorway::keeper).ifPresent(DoorKeeper::start);
    wakeups.wake();
  }

  /** Where gateways dial. */
  public int controlPort() {
    return channel.port();
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
    doorway.map(Doorway::keeper).ifPresent(DoorKeeper::close);
    endpoints.ifPresent(GatewayEndpoints::close);
    registry.close();
  }

  private static String version() {
    return Optional.ofNullable(Operator.class.getPackage().getImplementationVersion())
        .orElse("dev");
  }
}
