package dev.changeover.local.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.gateway.channel.ChannelKeys;
import dev.changeover.operator.channel.ChannelServer;
import dev.changeover.operator.channel.Door;
import dev.changeover.operator.channel.FleetBoard;
import dev.changeover.operator.identity.Admission;
import dev.changeover.operator.identity.Authorities;
import dev.changeover.operator.identity.GatewayIdentity;
import dev.changeover.operator.identity.ServerCertificate;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway and an operator over TLS, with files that change under them. */
final class SecureChannelIT {
  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir Path folder;
  private final AtomicReference<Authorities> authorities =
      new AtomicReference<>(Authorities.first(Instant.now(), RANDOM));
  private final AtomicReference<String> goodToken = new AtomicReference<>("first");
  private final AtomicInteger asked = new AtomicInteger();
  private final ChannelServer server =
      ChannelServer.start(
          new ChannelServer.Listen(
              "127.0.0.1",
              0,
              Optional.of(
                  new Door(
                      new ServerCertificate(
                              authorities::get,
                              List.of("localhost"),
                              InstantSource.system(),
                              RANDOM)
                          ::current,
                      this::judge,
                      () -> {}))),
          new FleetBoard(InstantSource.system(), System::nanoTime, () -> {}, _ -> {}),
          InstantSource.system(),
          System::nanoTime);

  private Admission judge(String token) {
    asked.incrementAndGet();
    return token.equals(goodToken.get())
        ? new Admission.Admitted(new GatewayIdentity("gateway-1"))
        : new Admission.Refused("it is another");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aGatewayWaitsForItsCaAndReadsItAndItsTokenAnew() throws IOException {
    try (var _ = gateway()) {
      // nothing is sent to an operator that cannot be told from another
      write("token", "first");
      await().during(Duration.ofSeconds(1)).until(() -> asked.get() == 0);
      write("ca.crt", Authorities.first(Instant.now(), RANDOM).certificatePem());
      await().during(Duration.ofSeconds(2)).until(() -> asked.get() == 0);
      write("ca.crt", authorities.get().certificatePem());
      await().atMost(Duration.ofSeconds(10)).until(this::isThere);
    }
    goodToken.set("second");
    try (var _ = gateway()) {
      await().until(() -> asked.get() > 2);
      assertThat(server.gateways()).isEmpty();
      write("token", "second\n");
      await().atMost(Duration.ofSeconds(10)).until(this::isThere);
    }
    authorities.set(Authorities.first(Instant.now(), RANDOM));
    await().atMost(Duration.ofSeconds(10)).until(() -> server.gateways().isEmpty());
    try (var _ = gateway()) {
      await().during(Duration.ofSeconds(1)).until(() -> server.gateways().isEmpty());
      write("ca.crt", authorities.get().certificatePem());
      await().atMost(Duration.ofSeconds(10)).until(this::isThere);
    }
  }

  private boolean isThere() {
    return server.gateways().contains("gateway-1");
  }

  private TestGateway gateway() {
    return new TestGateway(
        "gateway-1",
        List.of(URI.create("wss://localhost:" + server.port())),
        new ChannelKeys(
            Optional.of(folder.resolve("ca.crt")), Optional.of(folder.resolve("token"))));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }
}
