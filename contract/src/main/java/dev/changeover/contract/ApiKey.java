package dev.changeover.contract;

/**
 * A provider's key. It has no JSON form and prints redacted; {@link #secret} alone gives it out.
 */
public final class ApiKey {
  private static final int LENGTH_MAX = 8192;
  private final String secret;

  public ApiKey(String secret) {
    if (secret.isEmpty() || secret.length() > LENGTH_MAX) {
      throw new IllegalArgumentException("an API key has 1 to " + LENGTH_MAX + " characters");
    }
    if (!secret.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException("an API key is printable ASCII without spaces");
    }
    this.secret = secret;
  }

  /** The key itself, for the one header that carries it and the one document that keeps it. */
  public String secret() {
    return secret;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ApiKey key && key.secret.equals(secret);
  }

  @Override
  public int hashCode() {
    return secret.hashCode();
  }

  @Override
  public String toString() {
    return "ApiKey[redacted]";
  }
}
