package dev.changeover.contract;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * One of an account's keys, by its name in the resource and by {@code keyId}, twelve hex digits of
 * a hash over the provider and the key: a rotated key is another key, and nothing that carries a
 * {@code keyId} can leak it.
 */
public record KeyRef(String name, String keyId) {
  private static final Pattern KEY_ID = Pattern.compile("[0-9a-f]{12}");

  public KeyRef {
    if (!KEY_ID.matcher(keyId).matches()) {
      throw new IllegalArgumentException("a keyId is twelve hex digits: " + name);
    }
  }

  /** The reference to a key; {@code providerUid} keeps equal keys of two providers apart. */
  public static KeyRef of(String name, String providerUid, ApiKey key) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(providerUid.getBytes(StandardCharsets.UTF_8));
      sha256.update((byte) 0);
      sha256.update(key.secret().getBytes(StandardCharsets.UTF_8));
      return new KeyRef(name, HexFormat.of().formatHex(sha256.digest(), 0, 6));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
