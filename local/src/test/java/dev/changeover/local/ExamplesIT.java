package dev.changeover.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.local.metrics.ExpositionCheck;
import dev.changeover.local.rehearse.Tally;
import dev.changeover.local.rehearse.Traffic;
import dev.changeover.local.rehearse.TrafficPlan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each example that {@code local} can be started on, started as a user would start it. */
class ExamplesIT {
  private static final Duration MAX = Duration.ofSeconds(60);
  private static final Path EXAMPLES =
      Path.of(System.getProperty("changeover.basedir", ".."), "examples");
  private static final Pattern GATEWAY = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");

  @TempDir Path folder;

  @Test
  void twoProvidersComeUpWithKeysFromTheEnvironment() throws Exception {
    String port = freePort();
    try (Spawned local =
        local(
            EXAMPLES.resolve("two-providers"),
            port,
            Map.of("ANTHROPIC_API_KEY", "canary-one", "OPENAI_API_KEY", "canary-two"))) {
      await()
          .atMost(MAX)
          .untilAsserted(() ->
              assertThat(get(port, "llmproviders", "-o", "wide").out())
                  .containsPattern("anthropic +Anthropic .* True .*api.anthropic.com")
                  .containsPattern("openai +OpenAI .* True .*api.openai.com"));
      assertThat(local.printed()).contains("/v1/chat/completions", "/v1/messages", "get rules");
      assertThat(get(port, "llmr").out()).containsPattern("assistant +assistant +Priority");
      CommandLineRun rules = get(port, "rules");
      assertThat(rules.out())
          .containsPattern("changeover-provider-anthropic +[1-9]")
          .contains("changeover-routes");
      assertThat(get(port, "rules", "changeover-routes", "-o", "yaml").out())
          .contains("alert: LLMRouteExhausted");
      String metrics = http(port, "/metrics");
      assertThat(ExpositionCheck.findings(metrics)).isEmpty();
      assertThat(metrics).contains("gateway=\"gateway-0\"", "gateway=\"gateway-1\"");
      assertThat(http(port, "/healthz")).startsWith("ok");
      assertThat(http(port, "/readyz")).startsWith("ready");
      assertThat(local.terminate()).isEqualTo(143);
      assertThat(local.printed()).endsWith("ending").doesNotContain("canary", "Exception");
      assertThat(get(port, "llmp").status()).isEqualTo(2); // its address went with it
    }
  }

  @Test
  void aBanIsRehearsedWithSimulatedProvidersAndChangedFilesAreApplied() throws Exception {
    String port = freePort();
    String anthropic = freePort();
    String openAi = freePort();
    Path file = folder.resolve("resources.yaml");
    String example =
        Files.readString(EXAMPLES.resolve("ban-rehearsal").resolve("resources.yaml"))
            .replace(":9101", ":" + anthropic)
            .replace(":9102", ":" + openAi);
    Files.writeString(file, example);
    try (Spawned simulated =
            Spawned.start(
                folder,
                Map.of(),
                "simulate",
                "--anthropic-port",
                anthropic,
                "--openai-port",
                openAi);
        Spawned local = local(file, port, Map.of())) {
      assertThat(calls(local)).returns(12, Tally::answered).returns(0, Tally::failedOver);
      simulated.say("ban");
      await().atMost(MAX).until(() -> simulated.printed().contains("banned:"));
      assertThat(calls(local)).returns(12, Tally::answered).returns(12, Tally::failedOver);
      await()
          .atMost(MAX)
          .untilAsserted(() ->
              assertThat(get(port, "llmproviders").out())
                  .containsPattern("anthropic +Anthropic +Banned +AccountDisabled"));
      assertThat(get(port, "events").out())
          .containsPattern("Warning +ProviderBanned +llmprovider/anthropic");

      Files.writeString(file, example.replace("models: [assistant]", "models: [assistant, new]"));
      await().atMost(MAX).until(() -> local.printed().contains("changed LlmRoute"));
      await()
          .atMost(MAX)
          .untilAsserted(() -> assertThat(get(port, "llmr").out()).contains("assistant,new"));
      Files.writeString(file, example.replace("type: OpenAI", "type: Acme"));
      await().atMost(MAX).until(() -> local.printed().contains("refused, everything stays"));
      assertThat(get(port, "llmp").out()).containsPattern("openai +OpenAI");
      Files.writeString(file, example.substring(0, example.lastIndexOf("---")));
      await().atMost(MAX).until(() -> local.printed().contains("removed LlmRoute"));
      await()
          .atMost(MAX)
          .untilAsserted(
              () -> assertThat(get(port, "llmr").err()).contains("there are no LlmRoutes"));

      simulated.say("quit");
      assertThat(simulated.awaitEnd()).isZero();
      assertThat(local.terminate()).isEqualTo(143);
    }
  }

  /** A few calls through the gateways that a {@code local} has printed. */
  private static Tally calls(Spawned local) throws InterruptedException {
    List<String> gateways =
        local
            .printed()
            .lines()
            .filter(line -> line.startsWith("gateways"))
            .flatMap(line -> GATEWAY.matcher(line).results())
            .map(MatchResult::group)
            .toList();
    assertThat(gateways).hasSize(2);
    try (Traffic traffic =
        Traffic.start(new TrafficPlan("assistant", 12, 2, true, MAX), gateways, System::nanoTime)) {
      assertThat(traffic.awaitEnd(MAX)).isTrue();
      return traffic.tally();
    }
  }

  private Spawned local(Path file, String port, Map<String, String> environment)
      throws IOException {
    Spawned local =
        Spawned.start(
            folder,
            environment,
            "local",
            "-f",
            file.toString(),
            "--port",
            "0",
            "--operator-port",
            port);
    await().atMost(MAX).until(() -> local.printed().contains("Ctrl-C ends it"));
    return local;
  }

  private CommandLineRun get(String port, String... words) {
    String[] arguments = new String[words.length + 3];
    arguments[0] = "get";
    System.arraycopy(words, 0, arguments, 1, words.length);
    arguments[words.length + 1] = "--operator-port";
    arguments[words.length + 2] = port;
    return CommandLineRun.of(Map.of("XDG_STATE_HOME", folder.toString()), arguments);
  }

  private static String http(String port, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
              BodyHandlers.ofString())
          .body();
    }
  }

  private static String freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return Integer.toString(socket.getLocalPort());
    }
  }
}
