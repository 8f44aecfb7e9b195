package dev.changeover.gateway.config;

import dev.changeover.contract.ApiKey;
import dev.changeover.contract.Credentials;
import dev.changeover.contract.FleetConfig;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.ProviderConfig;
import dev.changeover.contract.Revision;
import dev.changeover.contract.RouteConfig;
import dev.changeover.contract.UnusableObject;
import dev.changeover.gateway.classify.Vendor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** One revision of the configuration, immutable and made for being looked up. */
public final class RoutingTable {
  private final Revision revision;
  private final FleetConfig config;
  private final Credentials credentials;
  private final Map<ObjectName, ProviderConfig> providers;
  private final Map<ObjectName, Vendor> vendors;
  private final Map<String, ModelIndex> models;
  private final List<UnusableObject> keyless;

  private RoutingTable(Revision revision, FleetConfig config, Credentials credentials) {
    this.revision = revision;
    this.config = config;
    this.credentials = credentials;
    Map<ObjectName, ProviderConfig> byName = new HashMap<>();
    List<UnusableObject> withoutKey = new ArrayList<>();
    for (ProviderConfig provider : config.providers()) {
      ProviderConfig callable = withKnownKeys(provider, credentials);
      if (callable.keys().isEmpty() && !provider.keys().isEmpty()) {
        withoutKey.add(
            new UnusableObject(
                UnusableObject.Kind.LlmProvider,
                provider.name(),
                "none of its keys is among the credentials"));
      } else {
        byName.put(provider.name(), callable);
      }
    }
    this.providers = Map.copyOf(byName);
    this.vendors =
        byName.values().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    ProviderConfig::name, each -> Vendor.of(each.type(), each.baseUrl())));
    this.keyless = List.copyOf(withoutKey);
    this.models = ModelIndex.byNamespace(config.routes());
  }

  public static RoutingTable of(Revision revision, FleetConfig config, Credentials credentials) {
    return new RoutingTable(revision, config, credentials);
  }

  /** The table of a gateway that was told nothing yet. */
  static RoutingTable empty() {
    return of(Revision.NONE, FleetConfig.empty("default"), Credentials.NONE);
  }

  /** A key that is named but not there cannot be sent; the account's other keys serve. */
  private static ProviderConfig withKnownKeys(ProviderConfig provider, Credentials credentials) {
    var known =
        provider.keys().stream().filter(key -> credentials.find(key.keyId()).isPresent()).toList();
    if (known.size() == provider.keys().size()) {
      return provider;
    }
    return new ProviderConfig(
        provider.name(),
        provider.type(),
        provider.baseUrl(),
        provider.fingerprint(),
        known,
        provider.headers(),
        provider.caPem(),
        provider.models(),
        provider.timeouts(),
        provider.health(),
        provider.mode());
  }

  public Revision revision() {
    return revision;
  }

  public FleetConfig config() {
    return config;
  }

  public Credentials credentials() {
    return credentials;
  }

  /** The provider, with those of its keys that are known; empty if it cannot be called. */
  public Optional<ProviderConfig> provider(ObjectName name) {
    return Optional.ofNullable(providers.get(name));
  }

  /** Whose errors come from a provider of this table. */
  public Vendor vendor(ObjectName provider) {
    return vendors.getOrDefault(provider, Vendor.OTHER);
  }

  public Optional<ApiKey> key(String keyId) {
    return credentials.find(keyId);
  }

  /**
   * The route of a namespace that claims a model's name: the exact name before a prefix, a longer
   * prefix before a shorter one.
   */
  public Optional<RouteConfig> route(String namespace, String model) {
    ModelIndex index = models.get(namespace);
    return index == null ? Optional.empty() : index.find(model);
  }

  /** The routes of a namespace. */
  public List<RouteConfig> routes(String namespace) {
    return config.routes().stream()
        .filter(route -> route.name().namespace().equals(namespace))
        .toList();
  }

  /** Providers that have keys, none of which is known here. */
  List<UnusableObject> keyless() {
    return keyless;
  }
}
