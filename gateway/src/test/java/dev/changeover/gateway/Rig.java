package dev.changeover.gateway;

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
import dev.changeover.gateway.http.ApiServer;
import dev.changeover.testkit.client.ChatCall;
import dev.changeover.testkit.client.ChatClient;
import dev.changeover.testkit.client.ChatResult;
import dev.changeover.testkit.provider.Dialect;
import dev.changeover.testkit.provider.ProviderSettings;
import dev.changeover.testkit.provider.SimulatedProvider;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * A gateway over real HTTP, before two simulated providers: the first Anthropic's, then OpenAI's.
 */
final class Rig implements AutoCloseable {
  static final ObjectName FIRST = ObjectName.parse("default/first");
  static final ObjectName SECOND = ObjectName.parse("default/second");
  static final String CANARY = "sk-canary-0123456789";
  static final Timeouts TIMEOUTS =
      new Timeouts(
          Duration.ofSeconds(2),
          Duration.ofSeconds(1),
          Duration.ofMillis(700),
          Duration.ofSeconds(1),
          Duration.ofSeconds(10));
  static final Attempts ATTEMPTS = new Attempts(4, Duration.ofSeconds(5), Duration.ZERO);

  final SimulatedProvider first =
      SimulatedProvider.start(
          ProviderSettings.of("alpha", System::nanoTime).withKey("main", CANARY));
  final SimulatedProvider second =
      SimulatedProvider.start(ProviderSettings.of("beta", System::nanoTime));
  final Gateway gateway;
  final ChatClient client;
  private final boolean secondFirst;
  private long revision;

  Rig() throws IOException {
    this(false);
  }

  /** With the second provider as the preferred one, or not. */
  Rig(boolean secondFirst) throws IOException {
    this(secondFirst, System::nanoTime);
  }

  /** With this clock in the gateway. */
  Rig(boolean secondFirst, LongSupplier nanoClock) throws IOException {
    this.secondFirst = secondFirst;
    gateway =
        Gateway.start(
            new Gateway.Settings(
                "rig",
                new ApiServer.Listen("127.0.0.1", 0),
                Optional.of(new ApiServer.Listen("127.0.0.1", 0)),
                Optional.empty(),
                List.of(),
                Duration.ofMillis(100),
                Duration.ofSeconds(5),
                "test"),
            new Gateway.Surroundings(InstantSource.system(), nanoClock, new SecureRandom()));
    client = new ChatClient(origin(), "caller-key", Duration.ofSeconds(20), System::nanoTime);
    configure(ATTEMPTS);
  }

  /** A new revision, with these bounds on attempts. */
  void configure(Attempts attempts) {
    var key = new ApiKey(CANARY);
    KeyRef ref = KeyRef.of("main", "uid", key);
    var config =
        new FleetConfig(
            ContractVersion.CURRENT,
            "default",
            List.of(
                provider(FIRST, ProviderType.ANTHROPIC, first.anthropicBaseUrl(), List.of(ref)),
                provider(SECOND, ProviderType.OPENAI, second.openAiBaseUrl(), List.of())),
            List.of(
                new RouteConfig(
                    ObjectName.parse("default/assistant"),
                    List.of("assistant"),
                    Strategy.PRIORITY,
                    secondFirst ? targets().reversed() : targets(),
                    attempts,
                    Mode.ACTIVE)));
    gateway
        .config()
        .offer(
            new Revision(1, ++revision),
            ContractJson.tree(config),
            Credentials.of(Map.of(ref.keyId(), key)));
  }

  ChatResult ask(Dialect dialect, boolean streaming) {
    return client.send(ChatCall.of(dialect, "assistant", "#tag", streaming));
  }

  String origin() {
    return "http://127.0.0.1:" + gateway.port();
  }

  String sideOrigin() {
    return "http://127.0.0.1:" + gateway.sidePort().orElseThrow();
  }

  private static ProviderConfig provider(
      ObjectName name, ProviderType type, String baseUrl, List<KeyRef> keys) {
    return new ProviderConfig(
        name,
        type,
        URI.create(baseUrl),
        "print",
        keys,
        new TreeMap<>(),
        Optional.empty(),
        List.of(),
        TIMEOUTS,
        HealthPolicy.DEFAULT,
        Mode.ACTIVE);
  }

  private static List<TargetConfig> targets() {
    return List.of(target("first/claude", FIRST, "claude"), target("second/gpt", SECOND, "gpt"));
  }

  private static TargetConfig target(String name, ObjectName provider, String model) {
    return new TargetConfig.Usable(name, provider, model, Overrides.NONE);
  }

  @Override
  public void close() {
    client.close();
    gateway.close();
    first.close();
    second.close();
  }
}
