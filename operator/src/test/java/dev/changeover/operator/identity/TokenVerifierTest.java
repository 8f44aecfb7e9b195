package dev.changeover.operator.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class TokenVerifierTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final TokenIssuer CLUSTER = TokenIssuer.rsa("one");
  private static final TokenIssuer OTHER = TokenIssuer.ellipticCurve("two");
  private static final ClusterKeys KEYS =
      ClusterKeys.NONE.with(TokenIssuer.DISCOVERY, TokenIssuer.published(CLUSTER, OTHER), NOW);

  record Case(String sentence, UnaryOperator<JWTClaimsSet.Builder> change, String reason) {
    @Override
    public String toString() {
      return sentence;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case("as the cluster makes it", claims -> claims, ""),
        new Case(
            "one of several audiences",
            claims -> claims.audience(List.of("vault", TokenVerifier.AUDIENCE)),
            ""),
        new Case("29 s after its end", claims -> claims.expirationTime(at(-29)), ""),
        new Case("30 s after its end", claims -> claims.expirationTime(at(-30)), "time is over"),
        new Case("without an end", claims -> claims.expirationTime(null), "time is over"),
        new Case("30 s before its beginning", claims -> claims.notBeforeTime(at(30)), ""),
        new Case("31 s before its beginning", claims -> claims.notBeforeTime(at(31)), "not begun"),
        new Case("another issuer", claims -> claims.issuer("https://evil"), "another cluster"),
        new Case("no issuer", claims -> claims.issuer(null), "another cluster"),
        new Case(
            "for the API server",
            claims -> claims.audience(TokenIssuer.ISSUER),
            "another audience"),
        new Case("no audience", claims -> claims.audience((String) null), "another audience"),
        new Case(
            "another ServiceAccount",
            claims -> claims.subject("system:serviceaccount:changeover:default"),
            "gateways' ServiceAccount"),
        new Case(
            "the same name in another namespace",
            claims -> claims.subject("system:serviceaccount:evil:changeover-gateway"),
            "gateways' ServiceAccount"),
        new Case("no pod", claims -> claims.claim("kubernetes.io", null), "not bound to a pod"),
        new Case(
            "a Secret's token",
            claims -> claims.claim("kubernetes.io", Map.of("namespace", TokenIssuer.NAMESPACE)),
            "not bound to a pod"),
        new Case(
            "a pod without a name",
            claims ->
                claims.claim(
                    "kubernetes.io",
                    Map.of(
                        "namespace", TokenIssuer.NAMESPACE, "pod", Map.of("name", "", "uid", "1"))),
            "not bound to a pod"),
        new Case(
            "a pod without a uid",
            claims ->
                claims.claim(
                    "kubernetes.io",
                    Map.of(
                        "namespace",
                        TokenIssuer.NAMESPACE,
                        "pod",
                        Map.of("name", "gateway-1", "uid", ""))),
            "not bound to a pod"),
        new Case(
            "a pod that is a text",
            claims -> claims.claim("kubernetes.io", Map.of("pod", "gateway-1")),
            "not bound to a pod"));
  }

  private static Date at(int seconds) {
    return Date.from(NOW.plusSeconds(seconds));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aTokenIsJudgedByItsClaims(Case one) {
    for (TokenIssuer issuer : List.of(CLUSTER, OTHER)) {
      Admission admission = judge(issuer.token("gateway-1", NOW, one.change()));
      if (one.reason().isEmpty()) {
        assertThat(admission).isEqualTo(new Admission.Admitted(new GatewayIdentity("gateway-1")));
      } else {
        assertThat(((Admission.Refused) admission).reason()).contains(one.reason());
      }
    }
  }

  @Test
  void aTokenSignedByNobodyOrAnotherIsRefused() {
    String good = CLUSTER.token("gateway-1", NOW);
    String strange = TokenIssuer.rsa("one").token("gateway-1", NOW);
    var unsigned = new PlainJWT(new JWTClaimsSet.Builder().subject("x").build()).serialize();
    assertThat(judge(strange)).isEqualTo(new Admission.Refused("its signature is wrong"));
    assertThat(judge(unsigned)).isInstanceOf(Admission.Refused.class);
    assertThat(judge("")).isInstanceOf(Admission.Refused.class);
    assertThat(judge("a.b.c")).isInstanceOf(Admission.Refused.class);
    assertThat(judge(good.substring(0, good.lastIndexOf('.') + 1)))
        .isInstanceOf(Admission.Refused.class);
  }

  @Test
  void aKeyOfOneKindVerifiesNoSignatureOfTheOther() {
    var header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("one");
    assertThat(judge(OTHER.signed(header, new JWTClaimsSet.Builder().subject("x"))))
        .isInstanceOf(Admission.Refused.class);
  }

  @Test
  void aTokenThatNamesNoKeyIsRefusedAndOneOfANewKeyMayBeGood() {
    var nameless = new JWSHeader.Builder(CLUSTER.algorithm());
    assertThat(judge(CLUSTER.signed(nameless, new JWTClaimsSet.Builder().subject("x"))))
        .isEqualTo(new Admission.Refused("it names no key"));
    assertThat(judge(TokenIssuer.rsa("three").token("gateway-1", NOW)))
        .isEqualTo(new Admission.UnknownKey());
  }

  @Test
  void aVanishedKeyStaysForAnHour() {
    Instant vanished = NOW.plusSeconds(60);
    ClusterKeys without =
        KEYS.with(TokenIssuer.DISCOVERY, TokenIssuer.published(OTHER), vanished)
            .with(TokenIssuer.DISCOVERY, TokenIssuer.published(OTHER), vanished.plusSeconds(60));
    Instant end = vanished.plus(ClusterKeys.VANISHED_STAYS);
    assertThat(without.key("one", end.minusMillis(1))).isPresent();
    assertThat(without.key("one", end)).isEmpty();
    assertThat(without.key("two", end.plus(Duration.ofDays(1)))).isPresent();
    assertThat(
            without
                .with(TokenIssuer.DISCOVERY, TokenIssuer.published(CLUSTER), vanished)
                .key("one", end))
        .isPresent();
  }

  @Test
  void whatCannotBeReadChangesNothing() {
    for (String garbage : List.of("", "{", "[]", "{}", "{\"keys\":3}")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> KEYS.with(TokenIssuer.DISCOVERY, garbage, NOW));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KEYS.with("{}", TokenIssuer.published(CLUSTER), NOW));
  }

  private static Admission judge(String token) {
    return new TokenVerifier(
            TokenIssuer.NAMESPACE, TokenIssuer.SERVICE_ACCOUNT, () -> KEYS, () -> NOW)
        .judge(token);
  }
}
