package dev.changeover.gateway.health;

import dev.changeover.contract.FleetConfig;
import dev.changeover.contract.HealthPolicy;
import dev.changeover.contract.HoldKey;
import dev.changeover.contract.KeyRef;
import dev.changeover.contract.Mode;
import dev.changeover.contract.ModelFacts;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.ProviderConfig;
import dev.changeover.contract.Reason;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Which providers, keys and models the configuration knows: nothing else is remembered. */
record KnownFleet(Map<ObjectName, Entry> providers) {
  static final KnownFleet NONE = new KnownFleet(Map.of());

  /** One provider with its keys and the models that routes use of it. */
  record Entry(ProviderConfig provider, Set<String> keyIds, Set<String> models) {
    String fingerprint() {
      return provider.fingerprint();
    }

    /** Whether a gateway may ask now and then if a hold without end is over. */
    boolean mayProbe(Reason reason) {
      return provider.mode() == Mode.ACTIVE
          && (reason != Reason.ACCOUNT_DISABLED
              || provider.health().banProbe() == HealthPolicy.BanProbe.AUTO);
    }

    /** Whether any call can get past what is kept away. */
    boolean takesRequests(Predicate<HoldKey> keptAway) {
      ObjectName name = provider.name();
      if (keptAway.test(new HoldKey.OfProvider(name))) {
        return false;
      }
      boolean someKey =
          keyIds.isEmpty()
              || keyIds.stream().anyMatch(id -> !keptAway.test(new HoldKey.OfCredential(name, id)));
      boolean someModel =
          models.isEmpty()
              || models.stream().anyMatch(it -> !keptAway.test(new HoldKey.OfModel(name, it)));
      return someKey && someModel;
    }
  }

  KnownFleet {
    providers = Map.copyOf(providers);
  }

  static KnownFleet of(FleetConfig config) {
    Map<ObjectName, Set<String>> models = new HashMap<>();
    config
        .routes()
        .forEach(route ->
            route
                .targets()
                .forEach(target ->
                    models
                        .computeIfAbsent(target.provider(), _ -> new TreeSet<>())
                        .add(target.model())));
    Map<ObjectName, Entry> entries = new HashMap<>();
    for (ProviderConfig provider : config.providers()) {
      Set<String> used = models.getOrDefault(provider.name(), new TreeSet<>());
      provider.models().stream().map(ModelFacts::name).forEach(used::add);
      Set<String> keyIds =
          provider.keys().stream().map(KeyRef::keyId).collect(Collectors.toUnmodifiableSet());
      entries.put(provider.name(), new Entry(provider, keyIds, Set.copyOf(used)));
    }
    return new KnownFleet(entries);
  }

  Optional<Entry> provider(ObjectName name) {
    return Optional.ofNullable(providers.get(name));
  }

  boolean has(HoldKey key) {
    Entry entry = providers.get(key.provider());
    if (entry == null) {
      return false;
    }
    return switch (key) {
      case HoldKey.OfProvider _ -> true;
      case HoldKey.OfCredential(ObjectName _, String keyId) -> entry.keyIds().contains(keyId);
      case HoldKey.OfModel(ObjectName _, String model) -> entry.models().contains(model);
    };
  }

  /**
   * Whether to remember a key: what is known, and what never was, since the fleet's holds may come
   * before the configuration that they belong to.
   */
  boolean keeps(HoldKey key, KnownFleet before) {
    return has(key) || !before.has(key);
  }
}
