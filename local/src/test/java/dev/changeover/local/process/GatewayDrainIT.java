package dev.changeover.local.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.gateway.GatewayMain;
import dev.changeover.testkit.client.AnswerAudit;
import dev.changeover.testkit.client.ChatCall;
import dev.changeover.testkit.client.ChatClient;
import dev.changeover.testkit.client.ChatResult;
import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.process.GatewayProcess;
import dev.changeover.testkit.process.JavaProcess;
import dev.changeover.testkit.process.MountedFolder;
import dev.changeover.testkit.process.Page;
import dev.changeover.testkit.provider.Answer;
import dev.changeover.testkit.provider.Dialect;
import dev.changeover.testkit.provider.Pacing;
import dev.changeover.testkit.provider.ProviderSettings;
import dev.changeover.testkit.provider.SimulatedProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that is told to stop while streams are under way. */
final class GatewayDrainIT {
  private static final int STREAMS = 12;
  private static final int WORDS = 60;
  private static final Pacing SLOW =
      new Pacing(Duration.ZERO, Duration.ZERO, Duration.ofMillis(100));

  /** What a JVM says that was ended by SIGTERM. */
  private static final int TERMINATED = 143;

  @TempDir private Path folder;

  @Test
  void readinessGoesFirstAndStreamsUnderWayEndWell() throws Exception {
    var settings =
        ProviderSettings.of("anthropic", System::nanoTime)
            .withKey("main", "a-key")
            .withAnswerWords(WORDS);
    try (SimulatedProvider provider = SimulatedProvider.start(settings);
        GatewayProcess gateway = gateway(provider);
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
        var client =
            new ChatClient(gateway.origin(), "", Duration.ofSeconds(40), System::nanoTime)) {
      await().atMost(JavaProcess.START_MAX).until(gateway::ready);
      provider.always(new Answer(SLOW));
      List<Future<ChatResult>> streams = new ArrayList<>();
      for (int n = 0; n < STREAMS; n++) {
        ChatCall call =
            ChatCall.of(
                n % 2 == 0 ? Dialect.ANTHROPIC : Dialect.OPENAI, "assistant", "#s" + n, true);
        streams.add(callers.submit(() -> client.send(call)));
      }
      await().until(() -> provider.ledger().received() == STREAMS);
      provider.always(Answer.atOnce());

      gateway.process().terminate();

      await("readiness goes")
          .until(() -> Page.get(gateway.metricsPort(), "/readyz").status() == 503);
      assertThat(Page.get(gateway.metricsPort(), "/healthz").status()).isEqualTo(200);
      ChatResult late = client.send(ChatCall.of(Dialect.ANTHROPIC, "assistant", "#late", false));
      assertThat(late).isInstanceOf(Complete.class);
      assertThat(late.reply().header("connection")).contains("close");
      assertThat(streams).noneMatch(Future::isDone);
      List<Complete> answers = new ArrayList<>(List.of((Complete) late));
      for (Future<ChatResult> stream : streams) {
        ChatResult result = stream.get(40, TimeUnit.SECONDS);
        assertThat(result).isInstanceOf(Complete.class);
        answers.add((Complete) result);
      }
      assertThat(AnswerAudit.of(provider).findings(answers)).isEmpty();
      assertThat(gateway.process().exit()).isIn(0, TERMINATED);
      assertThat(gateway.process().written()).contains("gateway drained");
      assertThat(Page.get(gateway.metricsPort(), "/readyz").status()).isZero();
    }
  }

  private GatewayProcess gateway(SimulatedProvider provider) {
    var config = new MountedFolder(folder.resolve("config"));
    config.show(
        Map.of(
            "config.json",
            """
            {"providers": [{"name": "anthropic", "type": "Anthropic", "baseUrl": "%s", "keys": ["main"]}],
             "routes": [{"name": "assistant", "models": ["assistant"],
                         "targets": [{"provider": "anthropic", "model": "claude-sonnet-4-5"}]}]}
            """
                .formatted(provider.anthropicBaseUrl())
                .getBytes(UTF_8),
            "credentials.json",
            "{\"keys\": {\"anthropic/main\": \"a-key\"}}".getBytes(UTF_8)));
    return GatewayProcess.start(
        new GatewayProcess.Start(
            GatewayMain.class,
            "gateway",
            folder,
            config.path(),
            List.of(),
            List.of("--drain-propagation=PT1S", "--drain-streams=PT30S"),
            Map.of()));
  }
}
