package dev.changeover.operator.model;

import dev.changeover.contract.HealthPolicy;
import dev.changeover.contract.Mode;
import dev.changeover.contract.ModelFacts;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.ProviderConfig;
import dev.changeover.contract.ProviderType;
import dev.changeover.contract.Timeouts;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One account at one origin as it is meant: defaults applied, references resolved.
 *
 * @param uid the resource's uid, which keeps a provider made anew apart from its predecessor
 * @param keys the keys that could be read, in the order in which they are used
 */
public record ProviderModel(
    ObjectName name,
    String uid,
    ProviderType type,
    URI baseUrl,
    List<ProviderKey> keys,
    SortedMap<String, String> headers,
    Optional<String> caPem,
    List<ModelFacts> models,
    Timeouts timeouts,
    HealthPolicy health,
    Mode mode,
    AlertSettings alerts) {
  private static final int FINGERPRINT_BYTES = 6;

  public ProviderModel {
    keys = List.copyOf(keys);
    headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
    models = models.stream().sorted(Comparator.comparing(ModelFacts::name)).toList();
  }

  /** What a gateway is told; nothing of it is a key. */
  public ProviderConfig config() {
    return new ProviderConfig(
        name,
        type,
        baseUrl,
        fingerprint(),
        keys.stream().map(ProviderKey::ref).toList(),
        headers,
        caPem,
        models,
        timeouts,
        health,
        mode);
  }

  /**
   * Twelve hex digits over everything that could end a refusal: type, origin, keys, headers, trust,
   * models. A hold for AccessDenied or ModelNotFound is over once this is another.
   */
  public String fingerprint() {
    List<String> parts = new ArrayList<>();
    parts.add(type.word());
    parts.add(baseUrl.toString());
    keys.forEach(key -> parts.add("key " + key.ref().name() + " " + key.ref().keyId()));
    headers.forEach((header, value) -> parts.add("header " + header + " " + value));
    caPem.ifPresent(pem -> parts.add("trust " + pem));
    models.forEach(facts -> parts.add("model " + facts));
    return sha256(parts);
  }

  private static String sha256(List<String> parts) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      for (String part : parts) {
        sha256.update(part.getBytes(StandardCharsets.UTF_8));
        sha256.update((byte) 0);
      }
      return HexFormat.of().formatHex(sha256.digest(), 0, FINGERPRINT_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
