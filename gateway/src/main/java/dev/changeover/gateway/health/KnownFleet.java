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
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which providers, keys and models the configuration knows, and which providers it once knew.
 *
 * @param departed the fingerprints with which providers went, the latest last
 */
record KnownFleet(Map<ObjectName, Entry> providers, SequencedMap<ObjectName, String> departed) {
  static final KnownFleet NONE = new KnownFleet(Map.of(), new LinkedHashMap<>());

  /** Providers whose going is remembered; of more, the oldest count as never known. */
  static final int DEPARTED_MAX = 1_000;

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
    departed = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(departed));
  }

  /** What is known once this configuration has taken the place of the last. */
  KnownFleet followedBy(FleetConfig config) {
    Map<ObjectName, Entry> next = entries(config);
    SequencedMap<ObjectName, String> gone = new LinkedHashMap<>(departed);
    providers.forEach((name, entry) -> gone.put(name, entry.fingerprint()));
    gone.keySet().removeAll(next.keySet());
    while (gone.size() > DEPARTED_MAX) {
      gone.pollFirstEntry();
    }
    return new KnownFleet(next, gone);
  }

  private static Map<ObjectName, Entry> entries(FleetConfig config) {
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
    return entries;
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

  /** Whether a key's provider was gone, and is back as another. */
  boolean isAnother(HoldKey key, KnownFleet before) {
    String left = before.departed.get(key.provider());
    Entry entry = providers.get(key.provider());
    return left != null && entry != null && !left.equals(entry.fingerprint());
  }

  /** Whether any provider is back. */
  boolean hasReturned(KnownFleet before) {
    return before.departed.keySet().stream().anyMatch(providers::containsKey);
  }

  /**
   * Whether to remember a key: what is known, and what never was, since the fleet's holds may come
   * before the configuration that they belong to.
   */
  boolean keeps(HoldKey key, KnownFleet before) {
    return has(key) || !before.has(key);
  }
}
