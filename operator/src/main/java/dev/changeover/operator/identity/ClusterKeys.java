package dev.changeover.operator.identity;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The public keys that a cluster signs its tokens with, as it published them last, and for a while
 * those that it no longer publishes.
 *
 * @param issuer whom its tokens name as their issuer; empty before anything was read
 */
public record ClusterKeys(String issuer, Map<String, Known> keys) {
  public static final ClusterKeys NONE = new ClusterKeys("", Map.of());

  /** A key that has vanished counts for so long, for tokens signed with it just before. */
  static final Duration VANISHED_STAYS = Duration.ofHours(1);

  static final int KEYS_MAX = 64;

  /** A key, and since when it is no longer published. */
  public record Known(JWK key, Optional<Instant> vanishedAt) {
    /** Whether it is published, or vanished only a while ago. */
    boolean counts(Instant now) {
      return vanishedAt.map(vanished -> now.isBefore(vanished.plus(VANISHED_STAYS))).orElse(true);
    }
  }

  public ClusterKeys {
    keys = Map.copyOf(keys);
  }

  /**
   * These keys and what the cluster publishes now.
   *
   * @param discovery the document {@code /.well-known/openid-configuration}
   * @param published the document {@code /openid/v1/jwks}
   * @throws IllegalArgumentException if one of them cannot be read
   */
  public ClusterKeys with(String discovery, String published, Instant now) {
    Map<String, Known> next = new HashMap<>();
    String nextIssuer;
    try {
      nextIssuer = Optional.ofNullable(issuerIn(discovery)).orElse("");
      for (JWK key : JWKSet.parse(published).getKeys()) {
        if (key.getKeyID() != null && next.size() < KEYS_MAX) {
          next.put(key.getKeyID(), new Known(key, Optional.empty()));
        }
      }
    } catch (ParseException e) {
      throw new IllegalArgumentException("the cluster's keys cannot be read", e);
    }
    if (nextIssuer.isEmpty()) {
      throw new IllegalArgumentException("the cluster names no issuer");
    }
    keys.forEach((id, known) -> {
      if (known.counts(now) && next.size() < KEYS_MAX) {
        Instant vanished = known.vanishedAt().orElse(now);
        next.putIfAbsent(id, new Known(known.key(), Optional.of(vanished)));
      }
    });
    return new ClusterKeys(nextIssuer, next);
  }

  private static @Nullable String issuerIn(String discovery) throws ParseException {
    return JSONObjectUtils.getString(JSONObjectUtils.parse(discovery), "issuer");
  }

  /** The key of this name, unless it vanished too long ago. */
  Optional<JWK> key(String id, Instant now) {
    return Optional.ofNullable(keys.get(id)).filter(known -> known.counts(now)).map(Known::key);
  }
}
