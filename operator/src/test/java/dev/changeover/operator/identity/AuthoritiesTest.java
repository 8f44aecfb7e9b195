package dev.changeover.operator.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AuthoritiesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Authorities FIRST = Authorities.first(NOW, RANDOM);

  @Test
  void whatWasWrittenIsReadAgain() {
    Authorities two = FIRST.kept(dueAt(FIRST), RANDOM);
    assertThat(Authorities.read(FIRST.certificatePem(), FIRST.keyPem())).isEqualTo(FIRST);
    assertThat(Authorities.read(two.certificatePem(), two.keyPem())).isEqualTo(two);
  }

  @Test
  void itIsRenewedAYearBeforeItsEndAndTheOldOneStaysTrustedUntilThen() {
    Instant due = dueAt(FIRST);
    Instant end = FIRST.newestFirst().getFirst().ends();
    assertThat(FIRST.kept(due.minusSeconds(1), RANDOM)).isEqualTo(FIRST);
    Authorities renewed = FIRST.kept(due.plusSeconds(1), RANDOM);
    assertThat(renewed.newestFirst()).hasSize(2).contains(FIRST.newestFirst().getFirst());
    assertThat(renewed.kept(end.minusSeconds(1), RANDOM)).isEqualTo(renewed);
    assertThat(renewed.kept(end, RANDOM).newestFirst())
        .containsExactly(renewed.newestFirst().getFirst());
  }

  @Test
  void aNewOneSignsOnlyAfterItHasBeenReadable() {
    Instant renewedAt = dueAt(FIRST).plusSeconds(1);
    Authorities renewed = FIRST.kept(renewedAt, RANDOM);
    CertifiedKey older = renewed.newestFirst().getLast();
    CertifiedKey newer = renewed.newestFirst().getFirst();
    assertThat(FIRST.signer(NOW)).isEqualTo(FIRST.newestFirst().getFirst());
    assertThat(renewed.signer(renewedAt)).isEqualTo(older);
    assertThat(renewed.signer(newer.begins().plus(Authorities.SIGNS_AFTER))).isEqualTo(newer);
  }

  @Test
  void aServersCertificateIsForItsNamesAndVerifiedByItsCa() throws GeneralSecurityException {
    var names = List.of("control.changeover.svc", "control.changeover.svc.cluster.local");
    var certificate = new ServerCertificate(() -> FIRST, names, () -> NOW, RANDOM).current();
    certificate.certificate().verify(FIRST.newestFirst().getFirst().certificate().getPublicKey());
    assertThat(certificate.certificate().getSubjectAlternativeNames())
        .containsExactlyInAnyOrder(List.of(2, names.get(0)), List.of(2, names.get(1)));
    assertThat(certificate.certificate().getBasicConstraints()).isNegative();
  }

  @Test
  void aServersCertificateIsMadeAnewBeforeItsEnd() {
    var now = new Instant[] {NOW};
    var server = new ServerCertificate(() -> FIRST, List.of("x.y.svc"), () -> now[0], RANDOM);
    CertifiedKey first = server.current();
    now[0] = first.ends().minus(ServerCertificate.RENEWED_BEFORE_END).minusMillis(1);
    assertThat(server.current()).isEqualTo(first);
    now[0] = now[0].plusMillis(1);
    CertifiedKey second = server.current();
    assertThat(second).isNotEqualTo(first);
    assertThat(second.ends()).isAfter(first.ends());
  }

  @Test
  void whatDoesNotFitTogetherIsRefusedAndNotQuoted() {
    Authorities other = Authorities.first(NOW, RANDOM);
    refused(FIRST.certificatePem(), other.keyPem(), "do not belong together");
    refused(FIRST.certificatePem(), "", "needs its key");
    refused("", "", "1 to 8");
    refused("nonsense", FIRST.keyPem(), "needs its key");
    refused(FIRST.keyPem(), FIRST.keyPem(), "something else than certificates");
    refused(FIRST.certificatePem(), FIRST.certificatePem(), "no private key");
    refused(FIRST.certificatePem().replace('M', '!'), FIRST.keyPem(), "");
  }

  private static void refused(String certificates, String keys, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Authorities.read(certificates, keys))
        .withMessageContaining(why)
        .satisfies(e -> assertThat(String.valueOf(e.getMessage())).hasSizeLessThan(100));
  }

  @Test
  void itsWordsHoldNoKey() {
    assertThat(FIRST.toString()).contains("redacted").doesNotContain("PRIVATE");
  }

  private static Instant dueAt(Authorities authorities) {
    return authorities.newestFirst().getFirst().ends().minus(Authorities.RENEWED_BEFORE_END);
  }
}
