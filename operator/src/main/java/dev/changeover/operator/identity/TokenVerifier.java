package dev.changeover.operator.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Judges a ServiceAccount's token without asking anybody: by the cluster's public keys. */
public final class TokenVerifier {
  public static final String AUDIENCE = "changeover-control";
  static final Duration LEEWAY = Duration.ofSeconds(30);
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256);

  private final String namespace;
  private final String subject;
  private final Supplier<ClusterKeys> keys;
  private final InstantSource clock;

  /**
   * A verifier.
   *
   * @param namespace where the gateways run
   * @param serviceAccount theirs; nobody else's token counts
   * @param keys the cluster's keys as they are known now
   */
  public TokenVerifier(
      String namespace, String serviceAccount, Supplier<ClusterKeys> keys, InstantSource clock) {
    this.namespace = namespace;
    this.subject = "system:serviceaccount:%s:%s".formatted(namespace, serviceAccount);
    this.keys = keys;
    this.clock = clock;
  }

  public Admission judge(String token) {
    try {
      return judge(SignedJWT.parse(token));
    } catch (ParseException | IllegalArgumentException e) {
      return new Admission.Refused("it cannot be read");
    } catch (JOSEException e) {
      return new Admission.Refused("its signature does not fit its key");
    }
  }

  private Admission judge(SignedJWT token) throws ParseException, JOSEException {
    Instant now = clock.instant();
    ClusterKeys known = keys.get();
    JWSHeader header = token.getHeader();
    if (!ALGORITHMS.contains(header.getAlgorithm())) {
      return new Admission.Refused("it is not signed with RS256 or ES256");
    }
    if (header.getKeyID() == null) {
      return new Admission.Refused("it names no key");
    }
    Optional<JWK> key = known.key(header.getKeyID(), now);
    if (key.isEmpty()) {
      return new Admission.UnknownKey();
    }
    if (!(key.get() instanceof AsymmetricJWK asymmetric)
        || !token.verify(
            new DefaultJWSVerifierFactory().createJWSVerifier(header, asymmetric.toPublicKey()))) {
      return new Admission.Refused("its signature is wrong");
    }
    JWTClaimsSet claims = token.getJWTClaimsSet();
    return objection(claims, known.issuer(), now)
        .<Admission>map(Admission.Refused::new)
        .orElseGet(() -> admitted(claims));
  }

  private Optional<String> objection(JWTClaimsSet claims, String issuer, Instant now) {
    @Nullable Date end = claims.getExpirationTime();
    @Nullable Date beginning = claims.getNotBeforeTime();
    if (!issuer.equals(claims.getIssuer())) {
      return Optional.of("another cluster has issued it");
    }
    if (!claims.getAudience().contains(AUDIENCE)) {
      return Optional.of("it is for another audience than " + AUDIENCE);
    }
    if (end == null || !now.isBefore(end.toInstant().plus(LEEWAY))) {
      return Optional.of("its time is over");
    }
    if (beginning != null && now.isBefore(beginning.toInstant().minus(LEEWAY))) {
      return Optional.of("its time has not begun");
    }
    if (!subject.equals(claims.getSubject())) {
      return Optional.of("it is not of the gateways' ServiceAccount");
    }
    return Optional.empty();
  }

  private Admission admitted(JWTClaimsSet claims) {
    if (claims.getClaim("kubernetes.io") instanceof Map<?, ?> bound
        && namespace.equals(bound.get("namespace"))
        && bound.get("pod") instanceof Map<?, ?> pod
        && pod.get("name") instanceof String name
        && pod.get("uid") instanceof String uid
        && !name.isEmpty()
        && !uid.isEmpty()) {
      return new Admission.Admitted(new GatewayIdentity(name));
    }
    return new Admission.Refused("it is not bound to a pod");
  }
}
