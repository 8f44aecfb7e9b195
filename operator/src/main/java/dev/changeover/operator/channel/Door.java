package dev.changeover.operator.channel;

import dev.changeover.operator.identity.Admission;
import dev.changeover.operator.identity.CertifiedKey;
import dev.changeover.operator.identity.GatewayIdentity;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a gateway comes in where anybody could dial: over TLS, with a token that names it.
 *
 * @param certificate the server's, asked for at each handshake
 * @param judge what a token is worth; it must not block
 * @param unknownKey told that a token names a key that is not known yet
 */
public record Door(
    Supplier<CertifiedKey> certificate, Function<String, Admission> judge, Runnable unknownKey) {
  private static final String BEARER = "Bearer ";
  private static final String PROTOCOL = "TLSv1.3";

  SslContextFactory.Server tls() {
    try {
      SSLContext context = SSLContext.getInstance(PROTOCOL);
      context.init(
          new KeyManager[] {new CurrentCertificate(certificate)}, new TrustManager[0], null);
      var factory = new SslContextFactory.Server();
      factory.setSslContext(context);
      factory.setIncludeProtocols(PROTOCOL);
      return factory;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has TLS 1.3", e);
    }
  }

  /** One server's doorman: lets in, or says why not, the same reason once a minute. */
  static final class Doorman {
    private static final Duration SAID_FOR = Duration.ofMinutes(1);
    private static final Logger log = LoggerFactory.getLogger(Doorman.class);

    private final Door door;
    private final LongSupplier nanoClock;
    private final Map<String, Long> saidAtNanos = new HashMap<>();

    Doorman(Door door, LongSupplier nanoClock) {
      this.door = door;
      this.nanoClock = nanoClock;
    }

    /** Who shows this header; nobody if that is not told well enough. */
    Optional<GatewayIdentity> admit(@Nullable String authorization) {
      if (authorization == null || !authorization.startsWith(BEARER)) {
        refuse("it shows no token");
        return Optional.empty();
      }
      return switch (door.judge().apply(authorization.substring(BEARER.length()).strip())) {
        case Admission.Admitted(GatewayIdentity gateway) -> Optional.of(gateway);
        case Admission.Refused(String reason) -> {
          refuse(reason);
          yield Optional.empty();
        }
        case Admission.UnknownKey _ -> {
          refuse("the cluster has not published its key");
          door.unknownKey().run();
          yield Optional.empty();
        }
      };
    }

    /** The reasons are ours and few, so what is remembered has a bound. */
    private synchronized void refuse(String reason) {
      long now = nanoClock.getAsLong();
      Long said = saidAtNanos.get(reason);
      if (said == null || now - said >= SAID_FOR.toNanos()) {
        saidAtNanos.put(reason, now);
        log.atWarn().addKeyValue("reason", reason).log("gateway's token refused");
      }
    }
  }
}
