package dev.changeover.gateway.e2e;

import dev.changeover.contract.ApiKey;
import dev.changeover.contract.Attempts;
import dev.changeover.contract.ContractJson;
import dev.changeover.contract.ContractVersion;
import dev.changeover.contract.Credentials;
import dev.changeover.contract.FleetConfig;
import dev.changeover.contract.HealthPolicy;
import dev.changeover.contract.KeyRef;
import dev.changeover.contract.Mode;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.Overrides;
import dev.changeover.contract.ProviderConfig;
import dev.changeover.contract.ProviderType;
import dev.changeover.contract.Revision;
import dev.changeover.contract.RouteConfig;
import dev.changeover.contract.Strategy;
import dev.changeover.contract.TargetConfig;
import dev.changeover.contract.Timeouts;
import dev.changeover.gateway.Gateway;
import dev.changeover.gateway.health.HoldInForce;
import dev.changeover.gateway.http.ApiServer;
import dev.changeover.testkit.client.ChatCall;
import dev.changeover.testkit.client.ChatClient;
import dev.changeover.testkit.client.ChatResult;
import dev.changeover.testkit.provider.Dialect;
import dev.changeover.testkit.provider.ProviderSettings;
import dev.changeover.testkit.provider.SimulatedProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One gateway over real HTTP, before as many simulated providers as a test needs. Holds belong to
 * providers, so routes that share none are as strange to each other as two gateways.
 */
final class Scene implements AutoCloseable {
  /** Short, and long enough for two busy cores. */
  static final Timeouts SHORT =
      new Timeouts(
          Duration.ofSeconds(1),
          Duration.ofMillis(600),
          Duration.ofMillis(600),
          Duration.ofMillis(600),
          Duration.ofSeconds(10));

  static final Attempts ATTEMPTS = new Attempts(4, Duration.ofSeconds(5), Duration.ZERO);

  private static final String NAMESPACE = "default";
  private static final Duration ANSWER_MAX = Duration.ofSeconds(20);

  private final Map<String, SimulatedProvider> simulated = new TreeMap<>();
  private final List<ProviderConfig> providers = new ArrayList<>();
  private final List<RouteConfig> routes = new ArrayList<>();
  private final Map<String, ApiKey> keys = new HashMap<>();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Gateway gateway;
  private final ChatClient client;
  private long revision;

  Scene() {
    try {
      gateway =
          Gateway.start(
              new Gateway.Settings(
                  "scene",
                  new ApiServer.Listen("127.0.0.1", 0),
                  Optional.empty(),
                  Optional.empty(),
                  List.of(),
                  Duration.ofMillis(10),
                  Duration.ofSeconds(5),
                  "test"),
              new Gateway.Surroundings(
                  InstantSource.system(), System::nanoTime, new SecureRandom()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    client = clientFor(ANSWER_MAX);
  }

  /** A simulated account with these keys, or with one key of its own. */
  SimulatedProvider provider(String name, Dialect dialect, String... accountKeys) {
    return provider(name, dialect, SHORT, accountKeys);
  }

  SimulatedProvider provider(
      String name, Dialect dialect, Timeouts timeouts, String... accountKeys) {
    return provider(name, type(dialect), "127.0.0.1", timeouts, accountKeys);
  }

  /** A simulated account that is called by this name of its host. */
  SimulatedProvider provider(
      String name, ProviderType type, String host, Timeouts timeouts, String... accountKeys) {
    List<String> all = accountKeys.length == 0 ? List.of("key-of-" + name) : List.of(accountKeys);
    ProviderSettings settings = ProviderSettings.of(name, System::nanoTime);
    List<KeyRef> refs = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      settings = settings.withKey("key" + i, all.get(i));
      var key = new ApiKey(all.get(i));
      KeyRef ref = KeyRef.of("key" + i, name, key);
      refs.add(ref);
      keys.put(ref.keyId(), key);
    }
    SimulatedProvider provider = SimulatedProvider.start(settings);
    simulated.put(name, provider);
    String baseUrl =
        switch (type) {
          case OPENAI, OPENAI_COMPATIBLE -> provider.openAiBaseUrl();
          case ANTHROPIC -> provider.anthropicBaseUrl();
        };
    origin(name, type, URI.create(baseUrl.replace("127.0.0.1", host)), timeouts, refs);
    return provider;
  }

  /** An origin that is no simulated provider. */
  void origin(String name, Dialect dialect, URI baseUrl, Timeouts timeouts, List<KeyRef> refs) {
    origin(name, type(dialect), baseUrl, timeouts, refs);
  }

  private void origin(
      String name, ProviderType type, URI baseUrl, Timeouts timeouts, List<KeyRef> refs) {
    providers.add(
        new ProviderConfig(
            name(name),
            type,
            baseUrl,
            "print-of-" + name,
            refs,
            new TreeMap<>(),
            Optional.empty(),
            List.of(),
            timeouts,
            HealthPolicy.DEFAULT,
            Mode.ACTIVE));
  }

  private static ProviderType type(Dialect dialect) {
    return switch (dialect) {
      case OPENAI -> ProviderType.OPENAI;
      case ANTHROPIC -> ProviderType.ANTHROPIC;
    };
  }

  /** A route of this name for a model of this name, over a target for each provider, in order. */
  void route(String model, Attempts attempts, String... targets) {
    routes.add(
        new RouteConfig(
            name(model),
            List.of(model),
            Strategy.PRIORITY,
            Stream.of(targets).map(Scene::target).toList(),
            attempts,
            Mode.ACTIVE));
  }

  /** Has the gateway take providers and routes as they are now. */
  void apply() {
    revision++;
    gateway
        .config()
        .offer(
            new Revision(1, revision),
            ContractJson.tree(
                new FleetConfig(ContractVersion.CURRENT, NAMESPACE, providers, routes)),
            Credentials.of(keys));
  }

  ChatResult ask(Dialect dialect, String model, boolean streaming) {
    return send(ChatCall.of(dialect, model, "#tag", streaming));
  }

  ChatResult send(ChatCall call) {
    return client.send(call);
  }

  /** A client that goes away when it has waited so long. */
  ChatClient clientFor(Duration answerMax) {
    return new ChatClient(origin(), "", answerMax, System::nanoTime);
  }

  /** Any request; headers are names and values in turn. */
  HttpResponse<String> post(String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(origin() + path))
            .timeout(ANSWER_MAX)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  String origin() {
    return "http://127.0.0.1:" + port();
  }

  int port() {
    return gateway.port();
  }

  SimulatedProvider simulated(String name) {
    return Optional.ofNullable(simulated.get(name)).orElseThrow();
  }

  /** What keeps requests away from a provider now. */
  List<HoldInForce> holds(String provider) {
    return gateway.health().inForce(InstantSource.system().instant()).stream()
        .filter(hold -> hold.key().provider().equals(name(provider)))
        .toList();
  }

  boolean available(String provider) {
    return gateway.health().available(name(provider));
  }

  MetricsText metrics() {
    return MetricsText.parse(gateway.metricsText());
  }

  /** The name of a provider's only model. */
  static String modelOf(String provider) {
    return "model-of-" + provider;
  }

  static ObjectName name(String name) {
    return ObjectName.parse(NAMESPACE + "/" + name);
  }

  private static TargetConfig target(String provider) {
    String model = modelOf(provider);
    return new TargetConfig.Usable(provider + "/" + model, name(provider), model, Overrides.NONE);
  }

  @Override
  public void close() {
    client.close();
    http.shutdownNow();
    gateway.close();
    simulated.values().forEach(SimulatedProvider::close);
  }
}
