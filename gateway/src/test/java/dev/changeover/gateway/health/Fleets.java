package dev.changeover.gateway.health;

import dev.changeover.contract.Attempts;
import dev.changeover.contract.ContractVersion;
import dev.changeover.contract.FleetConfig;
import dev.changeover.contract.HealthPolicy;
import dev.changeover.contract.KeyRef;
import dev.changeover.contract.Mode;
import dev.changeover.contract.ModelFacts;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.Overrides;
import dev.changeover.contract.ProviderConfig;
import dev.changeover.contract.ProviderType;
import dev.changeover.contract.RouteConfig;
import dev.changeover.contract.Strategy;
import dev.changeover.contract.TargetConfig;
import dev.changeover.contract.Timeouts;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Small configurations for tests. */
public final class Fleets {
  public static final KeyRef MAIN = new KeyRef("main", "aaaaaaaaaaaa");
  public static final KeyRef SPARE = new KeyRef("spare", "bbbbbbbbbbbb");

  private Fleets() {}

  public static ObjectName name(String name) {
    return new ObjectName("default", name);
  }

  /** A provider that serves the model {@code m}, and others with a context window each. */
  public static ProviderConfig provider(String name, KeyRef... keys) {
    return provider(name, "f1", Mode.ACTIVE, List.of(), keys);
  }

  public static ProviderConfig provider(
      String name, String fingerprint, Mode mode, List<ModelFacts> models, KeyRef... keys) {
    return new ProviderConfig(
        name(name),
        ProviderType.OPENAI,
        URI.create("https://" + name + ".example/v1"),
        fingerprint,
        List.of(keys),
        new TreeMap<>(),
        Optional.empty(),
        models,
        Timeouts.DEFAULT,
        HealthPolicy.DEFAULT,
        mode);
  }

  public static ModelFacts window(String model, int tokens) {
    return new ModelFacts(model, OptionalInt.of(tokens), OptionalInt.empty(), false);
  }

  public static TargetConfig.Usable target(String provider, String model) {
    return new TargetConfig.Usable(provider + "/" + model, name(provider), model, Overrides.NONE);
  }

  public static RouteConfig route(Attempts attempts, Strategy strategy, TargetConfig... targets) {
    return new RouteConfig(
        name("assistant"), List.of("assistant"), strategy, List.of(targets), attempts, Mode.ACTIVE);
  }

  public static Attempts attempts(int max, Duration waitOut) {
    return new Attempts(max, Duration.ofMinutes(1), waitOut);
  }

  /** A fleet in which a route uses the model {@code m} of each provider. */
  public static FleetConfig fleet(ProviderConfig... providers) {
    TargetConfig[] targets =
        Stream.of(providers)
            .map(provider -> target(provider.name().name(), "m"))
            .toArray(TargetConfig[]::new);
    return new FleetConfig(
        ContractVersion.CURRENT,
        "default",
        List.of(providers),
        List.of(route(Attempts.DEFAULT, Strategy.PRIORITY, targets)));
  }
}
