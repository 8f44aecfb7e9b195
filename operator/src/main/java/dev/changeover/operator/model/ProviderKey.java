package dev.changeover.operator.model;

import dev.changeover.contract.ApiKey;
import dev.changeover.contract.KeyRef;

/** One key of an account: how it is called, and the key itself, which prints redacted. */
public record ProviderKey(KeyRef ref, ApiKey key) {
  /** The key of the provider with this uid. */
  public static ProviderKey of(String name, String providerUid, ApiKey key) {
    return new ProviderKey(KeyRef.of(name, providerUid, key), key);
  }
}
