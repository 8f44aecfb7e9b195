package dev.changeover.gateway.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.changeover.contract.ProviderType;
import dev.changeover.contract.Reason;
import dev.changeover.contract.Scope;
import dev.changeover.contract.Timeouts;
import dev.changeover.gateway.classify.KnownReply;
import dev.changeover.gateway.health.HoldInForce;
import dev.changeover.gateway.observe.JsonLines;
import dev.changeover.testkit.client.ChatResult;
import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.client.ChatResult.HonestError;
import dev.changeover.testkit.provider.Dialect;
import dev.changeover.testkit.provider.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Every known error reply, sent over HTTP by a target at its provider's own host: another target
 * answers or the caller is told, and hold, metric and log say the reason that the table says.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KnownRepliesOverHttpTest {
  /** A frame of an AWS event stream, which no origin that speaks OpenAI's dialect sends. */
  private static final Set<String> NO_EVENTS_OF_SSE = Set.of("bedrock-frame-model-stream-error");

  private static final Timeouts AMPLE =
      new Timeouts(
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(20));
  private static final Duration SEEN_MAX = Duration.ofSeconds(5);
  private static final String UNKNOWN = "unknown";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Scene scene = new Scene();
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final JsonLines encoder = new JsonLines();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          lines.add(new String(encoder.encode(event), UTF_8));
        }
      };
  private final Logger access = (Logger) LoggerFactory.getLogger("changeover.access");

  static Stream<KnownReply> overHttp() {
    return KnownReply.all().stream().filter(reply -> !NO_EVENTS_OF_SSE.contains(reply.id()));
  }

  @BeforeAll
  void build() {
    appender.start();
    access.addAppender(appender);
    for (Dialect dialect : Dialect.values()) {
      scene.provider(well(dialect), dialect, AMPLE);
    }
    overHttp()
        .forEach(reply -> {
          String host =
              reply.type() == ProviderType.OPENAI_COMPATIBLE
                  ? reply.baseUrl().getHost()
                  : "127.0.0.1";
          scene.provider(reply.id(), reply.type(), host, AMPLE).always(reply.sent());
          scene.route(reply.id(), Scene.ATTEMPTS, reply.id(), well(dialect(reply)));
        });
    scene
        .provider(UNKNOWN, Dialect.OPENAI, AMPLE)
        .always(
            new Fault.Reply(
                429, Map.of(), "{\"error\":{\"message\":\"New.\",\"code\":\"brand_new\"}}"));
    scene.route(UNKNOWN, Scene.ATTEMPTS, UNKNOWN, well(Dialect.OPENAI));
    scene.apply();
  }

  @AfterAll
  void close() {
    access.detachAppender(appender);
    scene.close();
  }

  @Test
  void allButOneOfTheTableGoOverHttp() {
    assertThat(overHttp()).hasSize(109);
  }

  @ParameterizedTest
  @MethodSource("overHttp")
  void replyIsDrawnTheRightOutcomeFrom(KnownReply reply) {
    ChatResult result = scene.ask(dialect(reply), reply.id(), reply.event());

    if (reply.scope() == Scope.REQUEST) {
      isReturned(reply, result);
      assertThat(scene.holds(reply.id())).isEmpty();
    } else {
      isAnsweredByAnother(reply, result);
      isHeld(reply);
    }
    assertThat(scene.simulated(reply.id()).ledger().entries()).hasSize(attemptsAtFirst(reply));
    metricSays(reply);
    logSays(reply, result);
  }

  @Test
  void replyOfUnknownClassIsCountedAsUnclassified() {
    ChatResult result = scene.ask(Dialect.OPENAI, UNKNOWN, false);

    assertThat(result).isInstanceOf(Complete.class);
    await()
        .atMost(SEEN_MAX)
        .untilAsserted(
            () -> assertThat(unclassified(scene.metrics(), UNKNOWN)).isEqualTo(Map.of("429", 1.0)));
  }

  private void isAnsweredByAnother(KnownReply reply, ChatResult result) {
    assertThat(result).isInstanceOf(Complete.class);
    assertThat(result.reply().status()).isEqualTo(200);
    assertThat(result.reply().provider()).isEqualTo("default/" + well(dialect(reply)));
    assertThat(result.reply().reason()).isEqualTo(reply.reason().word());
    assertThat(result.reply().attempts()).isEqualTo(attemptsAtFirst(reply) + 1);
  }

  /** An error is told as the caller's own; an answer that declines is an answer. */
  private static void isReturned(KnownReply reply, ChatResult result) {
    if (reply.status() == 200 && reply.type() != ProviderType.OPENAI_COMPATIBLE) {
      assertThat(result.reply().status()).isEqualTo(200);
      assertThat(result.reply().provider()).isEqualTo("default/" + reply.id());
      return;
    }
    if (reply.status() == 200 && result.reply().status() == 200) {
      assertThat(result.reply().provider()).isEqualTo("default/" + reply.id());
      return;
    }
    assertThat(result).isInstanceOf(HonestError.class);
    assertThat(result.reply().status())
        .isEqualTo(reply.reason() == Reason.REQUEST_TOO_LARGE ? 413 : 400);
  }

  private void isHeld(KnownReply reply) {
    List<HoldInForce> holds =
        await().atMost(SEEN_MAX).until(() -> scene.holds(reply.id()), found -> !found.isEmpty());
    assertThat(holds).hasSize(1);
    HoldInForce hold = holds.getFirst();
    assertThat(hold.hold().reason()).isEqualTo(reply.reason());
    assertThat(hold.key().scope()).isEqualTo(reply.scope());
    assertThat(hold.fleetWide()).isEqualTo(reply.reason().certainty() == Reason.Certainty.DEFINITE);
    Optional<Double> wait = reply.waitSeconds();
    if (reply.reason() == Reason.RATE_LIMITED && wait.isPresent()) {
      assertThat(Duration.between(hold.hold().since(), hold.hold().until().orElseThrow()))
          .isCloseTo(Duration.ofMillis((long) (wait.get() * 1_000)), Duration.ofMillis(10));
    }
  }

  /** The request's own faults are counted apart from those held against the provider. */
  private void metricSays(KnownReply reply) {
    boolean declined = reply.scope() == Scope.REQUEST;
    String counted = declined ? "llm_requests_declined_total" : "llm_requests_failed_total";
    String notCounted = declined ? "llm_requests_failed_total" : "llm_requests_declined_total";
    Map<String, Double> once = Map.of(reply.reason().word(), (double) attemptsAtFirst(reply));
    MetricsText metrics =
        await()
            .atMost(SEEN_MAX)
            .until(
                scene::metrics,
                seen -> seen.by(counted, "reason", "provider", reply.id()).equals(once));
    assertThat(metrics.by(notCounted, "reason", "provider", reply.id())).isEmpty();
    assertThat(unclassified(metrics, reply.id())).isEmpty();
  }

  private void logSays(KnownReply reply, ChatResult result) {
    JsonNode line =
        await().atMost(SEEN_MAX).until(() -> line(reply), Optional::isPresent).orElseThrow();
    assertThat(line.path("status").asInt()).isEqualTo(result.reply().status());
    JsonNode first = line.path("attempts").path(0);
    assertThat(first.path("provider").asText()).isEqualTo("default/" + reply.id());
    assertThat(first.path("reason").asText()).isEqualTo(reply.reason().word());
    assertThat(first.path("rule").asText()).isNotEmpty();
    assertThat(first.path("status").asInt()).isEqualTo(reply.status());
  }

  private Optional<JsonNode> line(KnownReply reply) throws JsonProcessingException {
    for (String line : lines) {
      JsonNode json = JSON.readTree(line);
      if (json.path("requested_model").asText().equals(reply.id())) {
        return Optional.of(json);
      }
    }
    return Optional.empty();
  }

  private static Map<String, Double> unclassified(MetricsText metrics, String provider) {
    return metrics.by("llm_unclassified_replies_total", "status", "provider", provider);
  }

  /** A fault of the server's own is given a second chance. */
  private static int attemptsAtFirst(KnownReply reply) {
    return reply.reason() == Reason.SERVER_ERROR ? 2 : 1;
  }

  private static Dialect dialect(KnownReply reply) {
    return reply.type() == ProviderType.ANTHROPIC ? Dialect.ANTHROPIC : Dialect.OPENAI;
  }

  private static String well(Dialect dialect) {
    return switch (dialect) {
      case OPENAI -> "well-openai";
      case ANTHROPIC -> "well-anthropic";
    };
  }
}
