package dev.changeover.operator.identity;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The server's certificate of the moment. It lives in memory only, and is made anew when its end
 * comes near or another CA signs: whoever asks at each handshake never needs a restart.
 */
public final class ServerCertificate {
  static final Duration LIFE = Duration.ofDays(30);
  static final Duration RENEWED_BEFORE_END = Duration.ofDays(10);

  private final Supplier<Authorities> authorities;
  private final List<String> names;
  private final InstantSource clock;
  private final CertificateWriter writer;
  private Optional<Issued> issued = Optional.empty();

  private record Issued(CertifiedKey signer, CertifiedKey leaf) {}

  /**
   * A certificate for these DNS names.
   *
   * @param authorities the CA as it stands now
   */
  public ServerCertificate(
      Supplier<Authorities> authorities,
      List<String> names,
      InstantSource clock,
      SecureRandom random) {
    this.authorities = authorities;
    this.names = List.copyOf(names);
    this.clock = clock;
    this.writer = new CertificateWriter(random);
  }

  public synchronized CertifiedKey current() {
    Instant now = clock.instant();
    CertifiedKey signer = authorities.get().signer(now);
    Issued valid =
        issued
            .filter(last -> last.signer().equals(signer))
            .filter(last -> now.isBefore(last.leaf().ends().minus(RENEWED_BEFORE_END)))
            .orElseGet(() -> new Issued(signer, writer.server(signer, names, now, LIFE)));
    issued = Optional.of(valid);
    return valid.leaf();
  }
}
