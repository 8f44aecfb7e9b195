package dev.changeover.operator.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A cluster as far as tokens go: its key, what it publishes, and the tokens that it signs. */
public final class TokenIssuer {
  public static final String ISSUER = "https://kubernetes.default.svc.cluster.local";
  public static final String NAMESPACE = "changeover";
  public static final String SERVICE_ACCOUNT = "changeover-gateway";
  public static final String DISCOVERY = "{\"issuer\":\"" + ISSUER + "\",\"jwks_uri\":\"…\"}";

  private final JWK key;
  private final JWSAlgorithm algorithm;

  private TokenIssuer(JWK key, JWSAlgorithm algorithm) {
    this.key = key;
    this.algorithm = algorithm;
  }

  public static TokenIssuer rsa(String keyId) {
    try {
      return new TokenIssuer(new RSAKeyGenerator(2048).keyID(keyId).generate(), JWSAlgorithm.RS256);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  public static TokenIssuer ellipticCurve(String keyId) {
    try {
      return new TokenIssuer(
          new ECKeyGenerator(Curve.P_256).keyID(keyId).generate(), JWSAlgorithm.ES256);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the cluster publishes while these sign. */
  public static String published(TokenIssuer... issuers) {
    return new JWKSet(List.of(issuers).stream().map(issuer -> issuer.key.toPublicJWK()).toList())
        .toString();
  }

  /** A good token of this pod's, valid for an hour. */
  public String token(String pod, Instant now) {
    return token(pod, now, UnaryOperator.identity());
  }

  /** The same, with something else in it. */
  public String token(String pod, Instant now, UnaryOperator<JWTClaimsSet.Builder> change) {
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(ISSUER)
            .audience(TokenVerifier.AUDIENCE)
            .subject("system:serviceaccount:" + NAMESPACE + ":" + SERVICE_ACCOUNT)
            .notBeforeTime(Date.from(now))
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plusSeconds(3600)))
            .claim("kubernetes.io", bound(pod));
    return signed(new JWSHeader.Builder(algorithm).keyID(key.getKeyID()), change.apply(claims));
  }

  static Map<String, Object> bound(String pod) {
    return Map.of(
        "namespace", NAMESPACE,
        "pod", Map.of("name", pod, "uid", "uid-of-" + pod),
        "serviceaccount", Map.of("name", SERVICE_ACCOUNT, "uid", "1"));
  }

  String signed(JWSHeader.Builder header, JWTClaimsSet.Builder claims) {
    var token = new SignedJWT(header.build(), claims.build());
    try {
      JWSSigner signer = new DefaultJWSSignerFactory().createJWSSigner(key, algorithm);
      token.sign(signer);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    return token.serialize();
  }

  JWSAlgorithm algorithm() {
    return algorithm;
  }
}
