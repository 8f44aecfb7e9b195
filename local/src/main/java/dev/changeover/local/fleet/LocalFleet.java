package dev.changeover.local.fleet;

import dev.changeover.contract.RouteConfig;
import dev.changeover.contract.TargetConfig;
import dev.changeover.gateway.Gateway;
import dev.changeover.gateway.attempt.AttemptListener;
import dev.changeover.gateway.attempt.AttemptRecord;
import dev.changeover.gateway.http.ApiServer;
import dev.changeover.local.cluster.EmbeddedApiServer;
import dev.changeover.local.metrics.MergedMetrics;
import dev.changeover.local.resources.Resource;
import dev.changeover.local.start.CannotStartException;
import dev.changeover.operator.Operator;
import dev.changeover.operator.page.MetricsServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A fleet in this process: one operator, some gateways, and the API server between them. */
public final class LocalFleet implements AutoCloseable {
  /** The namespace of resources that name none, and of callers that name none. */
  public static final String NAMESPACE = "default";

  private static final String HOST = "127.0.0.1";
  private static final Duration READY_MAX = Duration.ofSeconds(15);
  private static final Duration STREAMS_MAX = Duration.ofSeconds(3);
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>(); // the newest is closed first
  private final List<Gateway> gateways = new ArrayList<>();
  private final ReentrantLock applying = new ReentrantLock();
  private final EmbeddedApiServer server;
  private final KubernetesClient client;
  private final ResourceApplier applier;
  private final Operator operator;
  private final MetricsServer page;

  /** Time as the fleet sees it. */
  public record Clocks(InstantSource clock, LongSupplier nanoClock) {}

  private LocalFleet(List<Resource> resources, Ports ports, Clocks clocks, GatewayObserver observer)
      throws IOException {
    server = opened(EmbeddedApiServer.start());
    client = opened(server.client());
    applier = new ResourceApplier(client);
    applier.apply(resources);
    Set<String> names =
        IntStream.range(0, ports.gateways()).mapToObj(LocalFleet::name).collect(Collectors.toSet());
    operator =
        opened(
            Operator.start(
                Operator.Settings.local(NAMESPACE),
                new Operator.Surroundings(client, clocks.clock(), clocks.nanoClock()),
                Optional.of(() -> names),
                _ -> {})); // nobody else can lead here
    try {
      for (int i = 0; i < ports.gateways(); i++) {
        Gateway gateway = gateway(i, ports, clocks, observer);
        gateways.add(gateway);
        parts.push(gateway::drain);
      }
      page = opened(MetricsServer.start(HOST, ports.operator(), this::metrics, this::ready));
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** A fleet whose gateways are ready. */
  public static LocalFleet start(
      List<Resource> resources, Ports ports, Clocks clocks, GatewayObserver observer)
      throws CannotStartException, InterruptedException {
    ports.requireFree();
    LocalFleet fleet;
    try {
      fleet = new LocalFleet(resources, ports, clocks, observer);
    } catch (IOException e) {
      throw new CannotStartException(String.valueOf(e.getMessage()));
    }
    if (!fleet.awaitReady(clocks.nanoClock())) {
      fleet.close();
      throw new CannotStartException(
          "the gateways had no configuration after %d s: see the log above, and try again"
              .formatted(READY_MAX.toSeconds()));
    }
    return fleet;
  }

  /** Where callers reach the gateways, in order. */
  public List<String> urls() {
    return gateways.stream().map(gateway -> "http://" + HOST + ":" + gateway.port()).toList();
  }

  /** The port of metrics and health. */
  public int operatorPort() {
    return page.port();
  }

  /** How the API server is reached, with the token that it asks for. */
  public Config apiServer() {
    return server.config();
  }

  /** A client of the API server, closed with the fleet. */
  public KubernetesClient client() {
    return client;
  }

  /** Makes these the fleet's resources. */
  AppliedChange apply(List<Resource> resources) {
    applying.lock();
    try {
      return applier.apply(resources);
    } finally {
      applying.unlock();
    }
  }

  /** The metrics of the operator and of all gateways, which have a label {@code gateway}. */
  public String metrics() {
    var merged = new MergedMetrics();
    merged.add(operator.metrics());
    for (int i = 0; i < gateways.size(); i++) {
      merged.add(gateways.get(i).metricsText(), "gateway", name(i));
    }
    return merged.text();
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("a part of the fleet did not close", e);
      }
    }
  }

  private boolean ready() {
    return operator.ready() && gateways.stream().allMatch(Gateway::ready);
  }

  private boolean awaitReady(LongSupplier nanoClock) throws InterruptedException {
    long began = nanoClock.getAsLong();
    while (!ready()) {
      if (nanoClock.getAsLong() - began > READY_MAX.toNanos()) {
        return false;
      }
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
    return true;
  }

  private Gateway gateway(int index, Ports ports, Clocks clocks, GatewayObserver observer)
      throws IOException {
    var settings =
        new Gateway.Settings(
            name(index),
            new ApiServer.Listen(HOST, ports.ofGateway(index)),
            Optional.empty(), // its port shows all metrics
            Optional.empty(), // the operator tells it its configuration
            List.of(URI.create("http://" + HOST + ":" + operator.controlPort())),
            Duration.ZERO,
            STREAMS_MAX,
            Gateway.version());
    AttemptListener attempts =
        new AttemptListener() {
          @Override
          public void attemptBegan(TargetConfig.Usable target, long askedNanos) {
            observer.attemptBegan(index, target.provider(), askedNanos);
          }

          @Override
          public void attemptEnded(RouteConfig route, AttemptRecord attempt) {}
        };
    Gateway gateway =
        Gateway.start(
            settings,
            new Gateway.Surroundings(clocks.clock(), clocks.nanoClock(), sharedRandom()),
            attempts);
    gateway.health().onFleetHoldsChanged(holds -> observer.holdsChanged(index, holds));
    return gateway;
  }

  private static String name(int index) {
    return "gateway-" + index;
  }

  /** A generator that any thread may use. */
  private static RandomGenerator sharedRandom() {
    return () -> ThreadLocalRandom.current().nextLong();
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.push(part);
    return part;
  }
}
