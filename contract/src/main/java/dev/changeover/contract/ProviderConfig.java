package dev.changeover.contract;

import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One account at one origin, as a gateway needs it.
 *
 * @param fingerprint changes with everything that could end a refusal: type, origin, keys, headers,
 *     models
 * @param keys the account's keys in the order in which they are used; none for an open server
 * @param headers added to each call; they win over what a caller sends, and lists of betas are
 *     joined with the caller's
 * @param caPem certificates to trust for this origin instead of the usual ones
 */
public record ProviderConfig(
    ObjectName name,
    ProviderType type,
    URI baseUrl,
    String fingerprint,
    List<KeyRef> keys,
    SortedMap<String, String> headers,
    Optional<String> caPem,
    List<ModelFacts> models,
    Timeouts timeouts,
    HealthPolicy health,
    Mode mode) {
  public ProviderConfig {
    keys = List.copyOf(keys);
    headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
    models = List.copyOf(models);
    if (baseUrl.getHost() == null
        || baseUrl.getUserInfo() != null
        || baseUrl.getQuery() != null
        || baseUrl.getFragment() != null
        || !("http".equals(baseUrl.getScheme()) || "https".equals(baseUrl.getScheme()))) {
      throw new IllegalArgumentException(
          "baseUrl is http(s)://host[:port][/path] and nothing else: " + name);
    }
  }

  /** What is known of a model, if anything. */
  public Optional<ModelFacts> facts(String model) {
    return models.stream().filter(facts -> facts.name().equals(model)).findFirst();
  }
}
