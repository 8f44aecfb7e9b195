package dev.changeover.gateway.channel;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.changeover.contract.ChannelMessage;
import dev.changeover.contract.ChannelMessage.Applied;
import dev.changeover.contract.ChannelMessage.Config;
import dev.changeover.contract.ChannelMessage.Figures;
import dev.changeover.contract.ChannelMessage.Hello;
import dev.changeover.contract.ChannelMessage.Holds;
import dev.changeover.contract.ChannelMessage.OwnHolds;
import dev.changeover.contract.ChannelMessage.Ping;
import dev.changeover.contract.ChannelMessage.Probe;
import dev.changeover.contract.ContractVersion;
import dev.changeover.contract.Credentials;
import dev.changeover.contract.Evidence;
import dev.changeover.contract.Hold;
import dev.changeover.contract.HoldKey;
import dev.changeover.contract.HoldSet;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.Reason;
import dev.changeover.contract.Revision;
import dev.changeover.contract.RouteFigures;
import io.javalin.Javalin;
import io.javalin.websocket.WsContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.websocket.api.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FleetLinkTest {
  private static final HoldKey ACME = HoldKey.parse("default/acme");

  private final AtomicLong skipped = new AtomicLong();
  private final FakeGateway gateway = new FakeGateway();
  private final FakeOperator operator = new FakeOperator(0);
  private final FleetLink link = linkTo(operator.port());

  @AfterEach
  void stop() {
    link.close();
    operator.close();
  }

  @Test
  void firstComesHelloThenWhatIsHeld() {
    link.start();
    await().until(() -> operator.heard(OwnHolds.class).size() == 1);
    assertThat(operator.heard.getFirst())
        .isEqualTo(new Hello(ContractVersion.CURRENT, "gateway-1", Revision.NONE));
    assertThat(operator.heard(Holds.class)).hasSize(1);
    assertThat(link.connected()).isOne();
  }

  @Test
  void aConfigurationIsTakenAndAnswered() {
    link.start();
    await().until(() -> operator.connections.get() == 1);
    operator.tell(config(7));
    await().until(() -> !operator.heard(Applied.class).isEmpty());
    assertThat(operator.heard(Applied.class))
        .containsExactly(new Applied(new Revision(1, 7), List.of()));
  }

  @Test
  void fragmentsAndPingsBetweenThemAreJoined() {
    link.start();
    await().until(() -> operator.connections.get() == 1);
    operator.tellInFragments(config(8));
    await().until(() -> gateway.taken.size() == 1);
    operator.tell(new Probe(ACME));
    await().until(() -> gateway.probes.contains(ACME));
  }

  @Test
  void garbageAndFaultsOfOursLeaveTheLineUp() {
    gateway.faulty.set(true);
    link.start();
    await().until(() -> operator.connections.get() == 1);
    operator.tell("{");
    operator.tell("{\"message\":\"Tomorrow\"}");
    operator.tell(new Applied(Revision.NONE, List.of()).text());
    operator.tell(config(1));
    operator.tell(new Probe(ACME));
    await().until(() -> gateway.probes.contains(ACME));
    assertThat(operator.connections).hasValue(1);
  }

  @Test
  void aMistakeOfOursWhileSendingEndsOneConnectionAndNotTheLine() {
    gateway.holdsFaults.set(2);
    link.start();
    await().atMost(ofSeconds(5)).until(() -> !operator.heard(Holds.class).isEmpty());
    assertThat(operator.connections).hasValue(3);
  }

  @Test
  void aMistakeOfOursInTheFiguresLeavesTheNextOnesToBeSaid() {
    gateway.figuresFaults.set(1);
    gateway.requests.set(5);
    link.start();
    await().atMost(ofSeconds(5)).until(() -> !operator.heard(Figures.class).isEmpty());
  }

  @Test
  void whatTheLeaderCallsCurrentIsPassedOn() {
    link.start();
    await().until(() -> operator.connections.get() == 1);
    operator.tell(new Ping(Instant.now()));
    operator.tell(new Ping(Instant.now(), Optional.of(new Revision(4, 2))));
    await().until(() -> !gateway.calledCurrent.isEmpty());
    assertThat(gateway.calledCurrent).containsExactly(new Revision(4, 2));
  }

  @Test
  void aGatewayIsAloneAfterAMinuteWithoutAnyOperator() {
    link.start();
    await().until(() -> link.connected() == 1);
    skipped.set(ofSeconds(61).toNanos());
    assertThat(link.alone()).isFalse();
    await().atMost(ofSeconds(5)).until(() -> operator.connections.get() == 2);
    operator.close();
    await().until(() -> link.connected() == 0);
    assertThat(link.alone()).isFalse();
    skipped.set(ofSeconds(122).toNanos());
    assertThat(link.alone()).isTrue();
  }

  @Test
  void holdsAreJoinedInOurTimeAndMakeTheGatewayReady() {
    link.start();
    await().until(() -> operator.connections.get() == 1);
    assertThat(link.holdsHeard()).isFalse();
    Instant theirs = Instant.now().minusSeconds(20);
    operator.tell(new Holds(theirs, held(theirs, theirs.plusSeconds(5))));
    await().until(link::holdsHeard);
    assertThat(gateway.holds.last(ACME).orElseThrow().until().orElseThrow())
        .isEqualTo(theirs.plusSeconds(25));
  }

  @Test
  void aRestartedOperatorIsFoundAgainAndToldAll() {
    link.start();
    await().until(() -> operator.connections.get() == 1);
    operator.tell(config(3));
    await().until(() -> !operator.heard(Applied.class).isEmpty());
    int port = operator.port();
    operator.close();
    await().until(() -> link.connected() == 0);
    try (var restarted = new FakeOperator(port)) {
      await().atMost(ofSeconds(5)).until(() -> !restarted.heard(OwnHolds.class).isEmpty());
      await().until(() -> !restarted.heard(Applied.class).isEmpty());
      assertThat(restarted.heard(Hello.class).getFirst().revision()).isEqualTo(new Revision(1, 3));
      assertThat(restarted.heard(Holds.class)).hasSize(1);
    }
  }

  @Test
  void figuresAreSaidWhenTheyChangeAndOnceASecond() {
    link.start();
    await().until(() -> operator.connections.get() == 1);
    await().during(ofMillis(1500)).until(() -> operator.heard(Figures.class).isEmpty());
    gateway.requests.set(5);
    await().atMost(ofSeconds(2)).until(() -> operator.heard(Figures.class).size() == 1);
    await().during(ofMillis(1500)).until(() -> operator.heard(Figures.class).size() == 1);
    assertThat(operator.heard(Ping.class)).hasSizeBetween(1, 8);
  }

  @Test
  void aFrozenOperatorIsNoticedWithinFiveSeconds() throws IOException {
    try (var server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        var frozen = linkTo(server.getLocalPort())) {
      frozen.start();
      shakeHands(server); // and then nothing is read or said
      await().until(() -> frozen.connected() == 1);
      long start = System.nanoTime();
      await()
          .atMost(ofSeconds(6))
          .pollInterval(ofMillis(50))
          .until(() -> {
            for (int i = 0; i < 1_000; i++) {
              frozen.fleetHoldsChanged(); // of each kind only the newest waits
            }
            return frozen.connected() == 0;
          });
      assertThat(System.nanoTime() - start).isLessThan(ofSeconds(5).toNanos());
    }
  }

  @Test
  void aSendThatIsStuckEndsWithTheLine() throws IOException {
    try (var server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        var frozen = linkTo(server.getLocalPort())) {
      frozen.start();
      shakeHands(server);
      await().until(() -> frozen.connected() == 1);
      long start = System.nanoTime();
      await().pollDelay(ofSeconds(3)).until(() -> frozen.connected() == 1);
      gateway.holds = larger(24 << 20);
      frozen.fleetHoldsChanged();
      await().atMost(ofSeconds(6)).pollInterval(ofMillis(50)).until(() -> frozen.connected() == 0);
      assertThat(System.nanoTime() - start).isLessThan(ofSeconds(5).toNanos());
    }
  }

  @Test
  void anOperatorsUrlIsHttpOrWebSocket() {
    assertThatThrownBy(() -> linkTo(URI.create("ftp://example.com")))
        .hasMessage("an operator's URL is http(s) or ws(s)");
    assertThatThrownBy(() -> linkTo(URI.create("http:nothing")))
        .hasMessage("an operator's URL names a host");
    assertThatThrownBy(() -> linkTo(URI.create("http://127.0.0.1:70000")))
        .hasMessage("an operator's port is 1 to 65535");
    assertThatThrownBy(() -> linkTo(URI.create("http://me:secret@127.0.0.1:9443")))
        .hasMessage("an operator's URL has no user, query or fragment");
    assertThat(
            FleetLink.refusal(
                Collections.nCopies(17, URI.create("ws://127.0.0.1:9443")), ChannelKeys.NONE))
        .contains("at most 16 operators can be dialled");
  }

  private FleetLink linkTo(int port) {
    return linkTo(URI.create("http://127.0.0.1:" + port));
  }

  private FleetLink linkTo(URI url) {
    return new FleetLink(
        List.of(url),
        ChannelKeys.NONE,
        gateway,
        InstantSource.system(),
        () -> System.nanoTime() + skipped.get(),
        new Random(1));
  }

  private static void shakeHands(ServerSocket server) throws IOException {
    var socket = server.accept();
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) socket.getInputStream().read());
    }
    String key =
        head.toString()
            .lines()
            .filter(line -> line.regionMatches(true, 0, "Sec-WebSocket-Key:", 0, 18))
            .map(line -> line.substring(18).strip())
            .findFirst()
            .orElseThrow();
    byte[] answer;
    try {
      answer =
          MessageDigest.getInstance("SHA-1")
              .digest(
                  (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                      .getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    socket
        .getOutputStream()
        .write(
            ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: "
                    + Base64.getEncoder().encodeToString(answer)
                    + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }

  private static Config config(int counter) {
    return new Config(
        new Revision(1, counter), JsonNodeFactory.instance.objectNode(), Credentials.NONE);
  }

  /** Holds whose text is larger than what a connection's buffers take. */
  private static HoldSet larger(int bytes) {
    var hold =
        new Hold(Reason.MODEL_NOT_FOUND, Instant.EPOCH, Optional.empty(), 0, Evidence.NONE, "");
    return HoldSet.EMPTY.held(new HoldKey.OfModel(ACME.provider(), "m".repeat(bytes)), hold);
  }

  private static HoldSet held(Instant since, Instant until) {
    return HoldSet.EMPTY.held(
        ACME, new Hold(Reason.QUOTA_EXHAUSTED, since, Optional.of(until), 0, Evidence.NONE, ""));
  }

  private static final class FakeGateway implements GatewaySide {
    private final List<Config> taken = new CopyOnWriteArrayList<>();
    private final List<HoldKey> probes = new CopyOnWriteArrayList<>();
    private final AtomicBoolean faulty = new AtomicBoolean();
    private final List<Revision> calledCurrent = new CopyOnWriteArrayList<>();
    private final AtomicInteger holdsFaults = new AtomicInteger();
    private final AtomicInteger figuresFaults = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile HoldSet holds = HoldSet.EMPTY;
    private volatile Revision revision = Revision.NONE;

    @Override
    public String name() {
      return "gateway-1";
    }

    @Override
    public Revision revision() {
      return revision;
    }

    @Override
    public ChannelMessage.Up take(Config config) {
      if (faulty.get()) {
        throw new IllegalStateException("a mistake of ours");
      }
      taken.add(config);
      revision = config.revision();
      return new Applied(config.revision(), List.of());
    }

    @Override
    public synchronized void join(HoldSet fleetHolds) {
      holds = holds.join(fleetHolds);
    }

    @Override
    public void calledCurrent(Revision called) {
      calledCurrent.add(called);
    }

    private static void mistake(AtomicInteger left) {
      if (left.getAndUpdate(count -> Math.max(0, count - 1)) > 0) {
        throw new IllegalStateException("a mistake of ours");
      }
    }

    @Override
    public HoldSet fleetHolds() {
      mistake(holdsFaults);
      return holds;
    }

    @Override
    public HoldSet ownHolds() {
      return HoldSet.EMPTY;
    }

    @Override
    public Figures figures() {
      mistake(figuresFaults);
      int count = requests.get();
      return count == 0
          ? new Figures(List.of(), List.of())
          : new Figures(
              List.of(),
              List.of(
                  new RouteFigures(
                      new ObjectName("default", "r"),
                      count,
                      0,
                      Optional.empty(),
                      Optional.empty())));
    }

    @Override
    public void probe(HoldKey key) {
      probes.add(key);
    }
  }

  /** An operator's end that keeps what it hears and says what a test tells it to. */
  private static final class FakeOperator implements AutoCloseable {
    private final List<ChannelMessage> heard = new CopyOnWriteArrayList<>();
    private final Map<String, WsContext> open = new ConcurrentHashMap<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final Javalin app;

    FakeOperator(int port) {
      app =
          Javalin.create(
                  config -> {
                    config.startup.showJavalinBanner = false;
                    config.routes.ws(
                        FleetLink.PATH,
                        ws -> {
                          ws.onConnect(context -> {
                            open.put(context.sessionId(), context);
                            connections.incrementAndGet();
                          });
                          ws.onMessage(
                              context -> heard.add(ChannelMessage.parse(context.message())));
                          ws.onClose(context -> open.remove(context.sessionId()));
                        });
                  })
              .start("127.0.0.1", port);
    }

    int port() {
      return app.port();
    }

    <T extends ChannelMessage> List<T> heard(Class<T> type) {
      return heard.stream().filter(type::isInstance).map(type::cast).toList();
    }

    void tell(ChannelMessage message) {
      tell(message.text());
    }

    void tell(String text) {
      open.values().forEach(context -> context.send(text));
    }

    void tellInFragments(ChannelMessage message) {
      String text = message.text();
      open.values()
          .forEach(context -> {
            for (int i = 0; i < text.length(); i++) {
              context.session.sendPartialText(
                  text.substring(i, i + 1), i == text.length() - 1, Callback.NOOP);
              if (i % 10 == 0) {
                context.sendPing();
              }
            }
          });
    }

    @Override
    public void close() {
      app.stop();
    }
  }
}
