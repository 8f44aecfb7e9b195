package dev.changeover.operator.channel;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.changeover.contract.ApiKey;
import dev.changeover.contract.ChannelMessage;
import dev.changeover.contract.ChannelMessage.Applied;
import dev.changeover.contract.ChannelMessage.Config;
import dev.changeover.contract.ChannelMessage.Holds;
import dev.changeover.contract.ChannelMessage.OwnHolds;
import dev.changeover.contract.ChannelMessage.Ping;
import dev.changeover.contract.ChannelMessage.Probe;
import dev.changeover.contract.Credentials;
import dev.changeover.contract.Evidence;
import dev.changeover.contract.Hold;
import dev.changeover.contract.HoldKey;
import dev.changeover.contract.HoldSet;
import dev.changeover.contract.Reason;
import dev.changeover.contract.Revision;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ChannelServerTest {
  private static final HoldKey ACME = HoldKey.parse("default/acme");
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private final List<String> told = new CopyOnWriteArrayList<>();
  private final List<ChannelMessage.Up> messages = new CopyOnWriteArrayList<>();
  private final ChannelServer server =
      ChannelServer.start(
          new ChannelServer.Listen("127.0.0.1", 0, Optional.empty()),
          new Told(),
          InstantSource.system(),
          System::nanoTime);

  private final class Told implements ChannelListener {
    @Override
    public void heard(String gateway, ChannelMessage.Up message) {
      messages.add(message);
      told.add(gateway + " " + message.getClass().getSimpleName());
    }

    @Override
    public void gone(String gateway) {
      told.add(gateway + " gone");
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void whoSaysHelloGetsTheHoldsAndThenTheConfiguration() {
    server.spread(banned());
    server.publish(config(1, JsonNodeFactory.instance.objectNode()));
    try (var gateway = ScriptedGateway.named(server, "a")) {
      await().until(() -> gateway.heard(Config.class).size() == 1);
      assertThat(gateway.heard().getFirst()).isInstanceOf(Holds.class);
      assertThat(gateway.heard(Holds.class).getFirst().holds()).isEqualTo(banned());
      assertThat(told).containsExactly("a Hello");
      assertThat(server.gateways()).containsExactly("a");
    }
    await().until(() -> told.contains("a gone"));
  }

  @Test
  void pingsSayWhichRevisionIsCurrentOnceThereIsOne() {
    Config published = config(1, JsonNodeFactory.instance.objectNode());
    try (var gateway = ScriptedGateway.named(server, "a")) {
      await().until(() -> !gateway.heard(Ping.class).isEmpty());
      assertThat(gateway.heard(Ping.class).getFirst().current()).isEmpty();
      server.publish(published);
      await()
          .until(() ->
              gateway
                  .heard(Ping.class)
                  .getLast()
                  .current()
                  .equals(Optional.of(published.revision())));
    }
  }

  @Test
  void ofManyConfigurationsASlowGatewayGetsTheFirstAndTheLast() {
    try (var gateway = ScriptedGateway.named(server, "a")) {
      await().until(() -> !server.gateways().isEmpty());
      for (int counter = 1; counter <= 500; counter++) {
        server.publish(config(counter, JsonNodeFactory.instance.objectNode()));
      }
      await().until(() -> gateway.heard(Config.class).size() == 1);
      Revision first = gateway.heard(Config.class).getFirst().revision();
      gateway.say(new Applied(first, List.of()));
      await().until(() -> gateway.heard(Config.class).size() == 2);
      assertThat(gateway.heard(Config.class).getLast().revision()).isEqualTo(new Revision(1, 500));
    }
  }

  @Test
  void aGatewayThatNeverAnswersStillGetsTheNewestConfiguration() {
    try (var gateway = ScriptedGateway.named(server, "a")) {
      await().until(() -> !server.gateways().isEmpty());
      server.publish(config(1, JsonNodeFactory.instance.objectNode()));
      server.publish(config(2, JsonNodeFactory.instance.objectNode()));
      await().atMost(ofSeconds(3)).until(() -> gateway.heard(Config.class).size() == 2);
    }
  }

  @Test
  void aConfigurationOfTwoMegabytesArrivesWhole() {
    JsonNode large = JsonNodeFactory.instance.textNode("ä".repeat(1 << 20));
    server.publish(config(1, large));
    try (var gateway = ScriptedGateway.named(server, "a")) {
      await().until(() -> gateway.heard(Config.class).size() == 1);
      assertThat(gateway.heard(Config.class).getFirst().fleet()).isEqualTo(large);
    }
  }

  @Test
  void garbageHarmsNobody() {
    try (var gateway = ScriptedGateway.named(server, "a")) {
      for (String garbage :
          List.of("", "{", "null", "[]", "{\"message\":\"Nonsense\"}", "{\"message\":\"Ping\"}")) {
        gateway.say(garbage);
      }
      gateway.say(new Probe(ACME)); // an operator's word, from the wrong side
      gateway.say(new Applied(new Revision(1, 1), List.of()));
      await().until(() -> told.contains("a Applied"));
      assertThat(told).containsExactly("a Hello", "a Applied");
      assertThat(gateway.closedWith()).isZero();
    }
  }

  @Test
  void whoDoesNotBeginWithHelloIsSentAway() {
    try (var gateway = ScriptedGateway.silent(server)) {
      gateway.say(new Applied(Revision.NONE, List.of()));
      await().until(() -> gateway.closedWith() == 1008);
    }
    try (var gateway = ScriptedGateway.named(server, "no spaces")) {
      await().until(() -> gateway.closedWith() == 1008);
    }
    assertThat(told).isEmpty();
  }

  @Test
  void aNewConnectionTakesTheOldOnesPlace() {
    try (var old = ScriptedGateway.named(server, "a")) {
      await().until(() -> told.size() == 1);
      try (var _ = ScriptedGateway.named(server, "a")) {
        await().until(() -> old.closedWith() == 1008);
        assertThat(server.gateways()).containsExactly("a");
        assertThat(told).containsExactly("a Hello", "a Hello");
      }
    }
  }

  @Test
  void holdsOfAGatewayWhoseClockIsAheadAreToldInOurTime() {
    Instant theirs = Instant.now().plusSeconds(60);
    HoldSet holds = HoldSet.EMPTY.held(ACME, hold(theirs, Optional.of(theirs.plusSeconds(90))));
    try (var gateway = ScriptedGateway.named(server, "a")) {
      gateway.say(new OwnHolds(theirs, holds));
      await().until(() -> told.contains("a OwnHolds"));
    }
    var heard = (OwnHolds) messages.getLast();
    assertThat(heard.holds().last(ACME).orElseThrow().until().orElseThrow())
        .isEqualTo(theirs.plusSeconds(90).minusSeconds(60));
  }

  @Test
  void aProbeGoesToTheGatewayNamed() {
    assertThat(server.probe("b", ACME)).isFalse();
    try (var a = ScriptedGateway.named(server, "a");
        var b = ScriptedGateway.named(server, "b")) {
      await().until(() -> server.gateways().size() == 2);
      assertThat(server.probe("b", ACME)).isTrue();
      await().until(() -> b.heard(Probe.class).size() == 1);
      assertThat(a.heard(Probe.class)).isEmpty();
    }
  }

  @Test
  void aFrozenGatewayIsLetGoWithinFiveSecondsAndCostsNoMemory() throws IOException {
    JsonNode large = JsonNodeFactory.instance.textNode("x".repeat(4 << 20));
    try (var frozen = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      frozen.setReceiveBufferSize(1 << 14);
      upgradeAndSayHello(frozen);
      await().until(() -> server.gateways().size() == 1);
      long start = System.nanoTime();
      long before = usedMegabytes();
      for (int counter = 1; counter <= 300; counter++) {
        server.publish(config(counter, large));
        server.spread(banned());
      }
      assertThat(usedMegabytes() - before).isLessThan(200);
      await().atMost(ofSeconds(6)).until(() -> told.contains("frozen gone"));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(ofSeconds(5));
    }
  }

  @Test
  void aGatewayThatStopsSpeakingIsLetGoAndOneThatPingsStays() {
    try (var quiet = ScriptedGateway.named(server, "quiet");
        var alive = ScriptedGateway.named(server, "alive")) {
      await()
          .atMost(ofSeconds(6))
          .pollInterval(ofSeconds(1))
          .until(() -> {
            alive.ping();
            return told.contains("quiet gone");
          });
      assertThat(server.gateways()).containsExactly("alive");
      assertThat(quiet.closedWith()).isNotZero();
    }
  }

  private static long usedMegabytes() {
    System.gc();
    return (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20;
  }

  /** A handshake and one masked text frame, by hand; afterwards nothing is ever read. */
  private static void upgradeAndSayHello(Socket socket) throws IOException {
    var out = socket.getOutputStream();
    out.write(
        ("GET "
                + ChannelServer.PATH
                + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    var in = socket.getInputStream();
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.read());
    }
    assertThat(head.toString()).startsWith("HTTP/1.1 101");
    byte[] hello =
        "{\"message\":\"Hello\",\"contract\":\"1.0\",\"gateway\":\"frozen\",\"revision\":\"0.0\"}"
            .getBytes(StandardCharsets.US_ASCII);
    out.write(new byte[] {(byte) 0x81, (byte) (0x80 | hello.length), 0, 0, 0, 0});
    out.write(hello);
    out.flush();
  }

  private static Config config(int counter, JsonNode fleet) {
    return new Config(
        new Revision(1, counter),
        fleet,
        Credentials.of(Map.of("0123456789ab", new ApiKey("sk-secret"))));
  }

  private static HoldSet banned() {
    return HoldSet.EMPTY.held(ACME, hold(NOON, Optional.empty()));
  }

  private static Hold hold(Instant since, Optional<Instant> until) {
    return new Hold(Reason.ACCOUNT_DISABLED, since, until, 0, Evidence.NONE, "");
  }
}
