package dev.changeover.contract;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The keys themselves by {@code keyId}, apart from the configuration that names them. */
public record Credentials(SortedMap<String, ApiKey> keys) {
  public static final Credentials NONE = new Credentials(new TreeMap<>());

  public Credentials {
    keys = Collections.unmodifiableSortedMap(new TreeMap<>(keys));
  }

  public static Credentials of(Map<String, ApiKey> keys) {
    return new Credentials(new TreeMap<>(keys));
  }

  public Optional<ApiKey> find(String keyId) {
    return Optional.ofNullable(keys.get(keyId));
  }
}
