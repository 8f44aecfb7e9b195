package dev.changeover.gateway.attempt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.contract.Attempts;
import dev.changeover.contract.ContractVersion;
import dev.changeover.contract.Credentials;
import dev.changeover.contract.FleetConfig;
import dev.changeover.contract.HealthPolicy;
import dev.changeover.contract.Hold;
import dev.changeover.contract.Mode;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.Overrides;
import dev.changeover.contract.ProviderConfig;
import dev.changeover.contract.ProviderType;
import dev.changeover.contract.Reason;
import dev.changeover.contract.Revision;
import dev.changeover.contract.RouteConfig;
import dev.changeover.contract.Strategy;
import dev.changeover.contract.TargetConfig;
import dev.changeover.contract.Timeouts;
import dev.changeover.gateway.config.RoutingTable;
import dev.changeover.gateway.dialect.Dialect;
import dev.changeover.gateway.dialect.InboundRequest;
import dev.changeover.gateway.dialect.Reading;
import dev.changeover.gateway.health.HealthBoard;
import dev.changeover.gateway.health.HoldInForce;
import dev.changeover.gateway.plan.TargetOrder;
import dev.changeover.gateway.upstream.RawOrigin;
import dev.changeover.gateway.upstream.Upstream;
import dev.changeover.testkit.provider.VendorReplies;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attempts at origins that write given bytes, for a caller without a connection. */
final class AttemptRunnerTest {
  private static final Timeouts SHORT =
      new Timeouts(
          Duration.ofSeconds(5),
          Duration.ofMillis(500),
          Duration.ofMillis(500),
          Duration.ofMillis(500),
          Duration.ofMinutes(10));
  private static final String ANSWER =
      "{\"id\":\"c-1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\","
          + "\"message\":{\"role\":\"assistant\",\"content\":\"Good.\"}}]}";

  /** What is sent to a server that only ever has one answer to give on a connection. */
  private static final String NOTHING_MORE = "";

  private final AtomicLong jumpedNanos = new AtomicLong();
  private final Upstream upstream = new Upstream(this::nanos);
  private final HealthBoard health =
      new HealthBoard(InstantSource.system(), RandomGenerator.getDefault());
  private final AttemptRunner runner =
      new AttemptRunner(
          new TargetOrder(RandomGenerator.getDefault()),
          health,
          upstream,
          (_, _) -> {},
          InstantSource.system(),
          this::nanos);
  private final FakeCaller caller = new FakeCaller();

  @AfterEach
  void close() {
    upstream.close();
  }

  private long nanos() {
    return System.nanoTime() + jumpedNanos.get();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 413, 429, 500})
  void anErrorThatBreaksOffOrStallsIsNoErrorOfItsStatus(int status) throws Exception {
    String begun = error(status, 500, "{\"type\":\"error\",\"error\":{\"type\":\"permi");
    try (var cut = RawOrigin.answering(begun);
        var stalled = RawOrigin.answering(begun, NOTHING_MORE);
        var good = RawOrigin.answering(ok(ANSWER))) {
      // When
      RunRecord run = run(Strategy.PRIORITY, false, cut, stalled, good);
      // Then
      assertThat(run.ending()).isEqualTo(new Ending.Complete());
      assertThat(run.attempts())
          .extracting(attempt -> attempt.reason().map(Reason::word).orElse(""))
          .containsExactly("StreamBroken", "Timeout", "");
      assertThat(health.fleetHolds().entries()).isEmpty();
      assertThat(holds()).allSatisfy(hold -> assertThat(hold.until()).isPresent());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 413, 422})
  void aCallersMistakeIsHeldAgainstNobodyThoughItsErrorBreaksOffOrStalls(int status)
      throws Exception {
    String begun = error(status, 500, "{\"error\":{\"mess");
    try (var cut = RawOrigin.answering(begun);
        var stalled = RawOrigin.answering(begun, NOTHING_MORE);
        var good = RawOrigin.answering(ok(ANSWER))) {
      // When
      RunRecord run = run(Strategy.PRIORITY, false, cut, stalled, good);
      // Then
      assertThat(run.ending()).isEqualTo(new Ending.Complete());
      assertThat(run.attempts()).hasSize(3);
      assertThat(holds()).isEmpty();
    }
  }

  @Test
  void anErrorThatIsAllHereIsJudgedAlthoughItsFramingIsCut() throws Exception {
    String ban = VendorReplies.openAiAccountDeactivated().body();
    try (var cut = RawOrigin.answering(error(401, ban.length() + 9, ban));
        var good = RawOrigin.answering(ok(ANSWER))) {
      // When
      RunRecord run = run(Strategy.PRIORITY, false, cut, good);
      // Then
      assertThat(run.ending()).isEqualTo(new Ending.Complete());
      assertThat(run.attempts().getFirst().reason()).contains(Reason.ACCOUNT_DISABLED);
    }
  }

  @Test
  void aCallerThatLeavesDuringAnErrorHasLeft() throws Exception {
    try (var stalled = RawOrigin.answering(error(403, 500, "{"), NOTHING_MORE);
        var good = RawOrigin.answering(ok(ANSWER))) {
      var _ =
          CompletableFuture.runAsync(
              caller::leave, CompletableFuture.delayedExecutor(250, TimeUnit.MILLISECONDS));
      // When
      RunRecord run = run(Strategy.PRIORITY, false, stalled, good);
      // Then
      assertThat(run.ending()).isEqualTo(new Ending.CallerLeft(false));
      assertThat(holds()).isEmpty();
      assertThat(good.requests()).isEmpty();
    }
  }

  @Test
  void aCallerThatReadsSlowlyMakesNoProviderLookSilent() throws Exception {
    String role = "data: {\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{%s}%s}]}\n\n";
    try (var good =
        RawOrigin.answering(
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
                + "transfer-encoding: chunked\r\n\r\n"
                + chunk(role.formatted("\"content\":\"Go\"", ""))
                + chunk(": ping\n\n")
                + chunk(role.formatted("\"content\":\"od.\"", ""))
                + chunk(role.formatted("", ",\"finish_reason\":\"stop\""))
                + chunk("data: [DONE]\n\n")
                + "0\r\n\r\n")) {
      caller.onSend = () -> jumpedNanos.addAndGet(Duration.ofSeconds(70).toNanos());
      // When
      RunRecord run = run(Strategy.PRIORITY, true, good);
      // Then
      assertThat(run.ending()).isEqualTo(new Ending.Complete());
      assertThat(caller.text()).contains("Go", "od.", "[DONE]");
      assertThat(holds()).isEmpty();
    }
  }

  @Test
  void aCallerThatTakesLongerThanAProviderMayCountsAsGone() throws Exception {
    try (var stalled =
        RawOrigin.answering(
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
                + "transfer-encoding: chunked\r\n\r\n"
                + chunk("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Go\"}}]}\n\n"),
            NOTHING_MORE)) {
      caller.onSend = () -> jumpedNanos.addAndGet(SHORT.total().plusNanos(1).toNanos());
      // When
      RunRecord run = run(Strategy.PRIORITY, true, stalled);
      // Then
      assertThat(run.ending()).isEqualTo(new Ending.CallerLeft(true));
      assertThat(caller.text()).contains("Go", "not read in time");
      assertThat(holds()).isEmpty();
    }
  }

  @Test
  void anAttemptWithoutContentHasNoFirstToken() throws Exception {
    try (var empty = RawOrigin.answering(ok("{}"));
        var good = RawOrigin.answering(ok(ANSWER))) {
      // When
      RunRecord run = run(Strategy.PRIORITY, false, empty, good);
      // Then
      assertThat(run.attempts().getFirst().firstToken()).isEmpty();
      assertThat(run.attempts().getLast().firstToken()).isPresent();
      assertThat(run.firstContent()).isPresent();
    }
  }

  @Test
  void thePreferredTargetIsTheFirstOfTheRunsOwnOrder() throws Exception {
    String broken = error(500, 2, "{}");
    try (var first = RawOrigin.answering(ok(ANSWER));
        var second = RawOrigin.answering(broken)) {
      // When
      RoutingTable table = table(Strategy.ROUND_ROBIN, List.of(first, second));
      RunRecord turnOfFirst = run(table, false);
      RunRecord turnOfSecond = run(table, false);
      // Then
      assertThat(turnOfFirst.preferred().map(TargetConfig::provider)).contains(name(0));
      assertThat(turnOfFirst.lostToFailover()).isEmpty();
      assertThat(turnOfSecond.preferred().map(TargetConfig::provider)).contains(name(1));
      assertThat(turnOfSecond.notPreferred()).isNotEmpty();
    }
  }

  @Test
  void aRetryAtTheSameProviderIsNoFailover() throws Exception {
    try (var origin = RawOrigin.answering(error(500, 2, "{}"), ok(ANSWER))) {
      // When
      RunRecord run = run(Strategy.PRIORITY, false, origin);
      // Then
      assertThat(run.ending()).isEqualTo(new Ending.Complete());
      assertThat(run.attempts()).hasSize(2);
      assertThat(run.lostToFailover()).isEmpty();
    }
  }

  private List<Hold> holds() {
    return health.inForce(InstantSource.system().instant()).stream()
        .map(HoldInForce::hold)
        .toList();
  }

  private RunRecord run(Strategy strategy, boolean streaming, RawOrigin... origins) {
    return run(table(strategy, List.of(origins)), streaming);
  }

  private RunRecord run(RoutingTable table, boolean streaming) {
    health.configured(table.config());
    byte[] body =
        "{\"model\":\"m\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"
            .formatted(streaming)
            .getBytes(UTF_8);
    if (!(InboundRequest.read(Dialect.OPENAI_CHAT, body)
        instanceof Reading.Understood(InboundRequest request))) {
      throw new IllegalStateException("the request cannot be read");
    }
    var asked =
        new Asked(
            "req",
            table,
            table.config().routes().getFirst(),
            request,
            _ -> Optional.empty(),
            InstantSource.system().instant(),
            nanos(),
            Optional.empty(),
            true);
    return runner.run(asked, caller);
  }

  private static RoutingTable table(Strategy strategy, List<RawOrigin> origins) {
    List<ProviderConfig> providers = new ArrayList<>();
    List<TargetConfig> targets = new ArrayList<>();
    for (int i = 0; i < origins.size(); i++) {
      providers.add(
          new ProviderConfig(
              name(i),
              ProviderType.OPENAI,
              origins.get(i).uri(),
              "print",
              List.of(),
              new TreeMap<>(),
              Optional.empty(),
              List.of(),
              SHORT,
              HealthPolicy.DEFAULT,
              Mode.ACTIVE));
      targets.add(new TargetConfig.Usable("target" + i, name(i), "m", Overrides.NONE));
    }
    var route =
        new RouteConfig(
            ObjectName.parse("default/m"),
            List.of("m"),
            strategy,
            targets,
            Attempts.DEFAULT,
            Mode.ACTIVE);
    return RoutingTable.of(
        new Revision(1, 1),
        new FleetConfig(ContractVersion.CURRENT, "default", providers, List.of(route)),
        Credentials.of(Map.of()));
  }

  private static ObjectName name(int number) {
    return ObjectName.parse("default/provider" + number);
  }

  private static String ok(String body) {
    return "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s"
        .formatted(body.length(), body);
  }

  private static String error(int status, int length, String body) {
    return "HTTP/1.1 %d No\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s"
        .formatted(status, length, body);
  }

  private static String chunk(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }

  /** A caller who takes everything until it leaves. */
  private static final class FakeCaller implements Caller {
    private final ByteArrayOutputStream got = new ByteArrayOutputStream();
    private final CountDownLatch left = new CountDownLatch(1);
    private final List<Runnable> watchers = new ArrayList<>();
    private Runnable onSend = () -> {};

    void leave() {
      List<Runnable> told;
      synchronized (watchers) {
        left.countDown();
        told = List.copyOf(watchers);
      }
      told.forEach(Runnable::run);
    }

    String text() {
      return got.toString(UTF_8);
    }

    @Override
    public boolean begin(ReplyHead head) {
      return !gone();
    }

    @Override
    public boolean send(byte[] bytes) {
      got.writeBytes(bytes);
      onSend.run();
      return !gone();
    }

    @Override
    public boolean gone() {
      return left.getCount() == 0;
    }

    @Override
    public boolean goneWithin(Duration wait) {
      try {
        return left.await(wait.toNanos(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public Watch whenGone(Runnable action) {
      synchronized (watchers) {
        watchers.add(action);
      }
      return () -> {
        synchronized (watchers) {
          watchers.remove(action);
        }
      };
    }
  }
}
