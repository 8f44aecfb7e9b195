package dev.changeover.operator.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.changeover.contract.ChannelMessage;
import dev.changeover.contract.ChannelMessage.Hello;
import dev.changeover.contract.ContractVersion;
import dev.changeover.contract.Revision;
import dev.changeover.operator.identity.Authorities;
import dev.changeover.operator.identity.ClusterKeys;
import dev.changeover.operator.identity.ServerCertificate;
import dev.changeover.operator.identity.TokenIssuer;
import dev.changeover.operator.identity.TokenVerifier;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DoorTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final TokenIssuer CLUSTER = TokenIssuer.rsa("one");

  /** Three weeks late, so that time can pass and a client still takes the certificates. */
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.now().minus(Duration.ofDays(21)));

  private final Authorities authorities = Authorities.first(now.get(), RANDOM);
  private final AtomicReference<ClusterKeys> keys = new AtomicReference<>(published(CLUSTER));
  private final AtomicInteger unknownKeys = new AtomicInteger();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final ServerCertificate certificate =
      new ServerCertificate(() -> authorities, List.of("localhost"), now::get, RANDOM);
  private final ChannelServer server =
      ChannelServer.start(
          new ChannelServer.Listen(
              "127.0.0.1",
              0,
              Optional.of(
                  new Door(
                      certificate::current,
                      new TokenVerifier(
                              TokenIssuer.NAMESPACE,
                              TokenIssuer.SERVICE_ACCOUNT,
                              keys::get,
                              now::get)
                          ::judge,
                      unknownKeys::incrementAndGet))),
          new Told(),
          InstantSource.system(),
          System::nanoTime);

  private final class Told implements ChannelListener {
    @Override
    public void heard(String gateway, ChannelMessage.Up message) {
      told.add(gateway);
    }

    @Override
    public void gone(String gateway) {}
  }

  /** Whether, and how, the server has closed the connection. */
  private static final class Closing implements WebSocket.Listener {
    private volatile int code;

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      code = status;
      return WebSocket.Listener.super.onClose(socket, status, reason);
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void whoShowsItsPodsTokenComesInUnderItsOwnNameOnly() {
    WebSocket own = dial("Bearer " + CLUSTER.token("gateway-1", now.get()), new Closing());
    own.sendText(hello("gateway-1"), true).join();
    await().until(() -> told.contains("gateway-1"));

    var closing = new Closing();
    WebSocket other = dial("Bearer " + CLUSTER.token("gateway-2", now.get()), closing);
    other.sendText(hello("gateway-1"), true).join();
    await().until(() -> closing.code == 1008);
    assertThat(told).containsExactly("gateway-1");
    assertThat(server.gateways()).containsExactly("gateway-1");
    own.abort();
  }

  @Test
  void whoShowsNoGoodTokenIsRefusedWith401() {
    Instant yesterday = now.get().minus(Duration.ofDays(1));
    refused("");
    refused("Basic YTpi");
    refused("Bearer ");
    refused("Bearer nonsense");
    refused("Bearer " + CLUSTER.token("gateway-1", yesterday));
    refused("Bearer " + TokenIssuer.rsa("one").token("gateway-1", now.get()));
    assertThat(unknownKeys).hasValue(0);
    assertThat(told).isEmpty();
  }

  @Test
  void anUnknownKeyIsAskedForAndItsTokenLetInAfterwards() {
    TokenIssuer rotated = TokenIssuer.ellipticCurve("two");
    String header = "Bearer " + rotated.token("gateway-1", now.get());
    refused(header);
    assertThat(unknownKeys).hasValue(1);
    keys.set(published(rotated));
    dial(header, new Closing()).abort();
  }

  @Test
  void aGatewayThatTrustsAnotherCaDoesNotSendItsToken() {
    Authorities other = Authorities.first(now.get(), RANDOM);
    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(() -> dial(other, "Bearer secret", new Closing()))
        .withCauseInstanceOf(SSLHandshakeException.class);
  }

  @Test
  void aNewCertificateNeedsNoRestart() {
    dial("Bearer " + CLUSTER.token("gateway-1", now.get()), new Closing()).abort();
    var before = certificate.current();
    now.updateAndGet(then -> then.plus(Duration.ofDays(21)));
    assertThat(certificate.current()).isNotEqualTo(before);
    dial("Bearer " + CLUSTER.token("gateway-1", now.get()), new Closing()).abort();
  }

  private ClusterKeys published(TokenIssuer issuer) {
    return ClusterKeys.NONE.with(TokenIssuer.DISCOVERY, TokenIssuer.published(issuer), now.get());
  }

  private static String hello(String name) {
    return new Hello(ContractVersion.CURRENT, name, Revision.NONE).text();
  }

  private void refused(String authorization) {
    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(() -> dial(authorization, new Closing()))
        .havingCause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            e -> assertThat(e.getResponse().statusCode()).isEqualTo(401));
  }

  private WebSocket dial(String authorization, WebSocket.Listener listener) {
    return dial(authorities, authorization, listener);
  }

  private WebSocket dial(Authorities trusted, String authorization, WebSocket.Listener listener) {
    HttpClient client = HttpClient.newBuilder().sslContext(trusting(trusted)).build();
    WebSocket.Builder builder = client.newWebSocketBuilder();
    if (!authorization.isEmpty()) {
      builder.header("Authorization", authorization);
    }
    return builder
        .buildAsync(URI.create("wss://localhost:" + server.port() + ChannelServer.PATH), listener)
        .join();
  }

  private static SSLContext trusting(Authorities trusted) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (Certificate one :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(
                      trusted.certificatePem().getBytes(StandardCharsets.US_ASCII)))) {
        store.setCertificateEntry("ca-" + store.size(), one);
      }
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
