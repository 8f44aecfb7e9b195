package dev.changeover.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.testkit.client.ChatCall;
import dev.changeover.testkit.client.ChatClient;
import dev.changeover.testkit.client.ChatResult;
import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.provider.Dialect;
import dev.changeover.testkit.provider.ProviderSettings;
import dev.changeover.testkit.provider.SimulatedProvider;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway as a process on a folder. */
final class GatewayMainIT {
  private static final Pattern PORTS =
      Pattern.compile("serves on http://[0-9.]+:(\\d+), metrics on http://[0-9.]+:(\\d+)");
  private static final Duration START_MAX = Duration.ofSeconds(30);

  @TempDir Path folder;

  @Test
  void itServesAFolderAppliesChangesAndStopsWell() throws Exception {
    try (var provider =
        SimulatedProvider.start(
            ProviderSettings.of("alpha", System::nanoTime).withKey("main", "sk-alpha"))) {
      // Given
      write(provider, "assistant");
      Process gateway = start("--config", folder.toString(), "--port", "0", "--metrics-port", "0");
      try {
        Matcher ports = ports(gateway);
        try (var client = client(ports)) {
          // When it serves
          await().atMost(START_MAX).until(() -> isReady(ports));
          assertThat(ask(client, "assistant")).isInstanceOf(Complete.class);
          // When the folder changes
          write(provider, "other");
          await().until(() -> ask(client, "other") instanceof Complete);
          assertThat(ask(client, "assistant").reply().status()).isEqualTo(404);
          // When the folder is spoilt
          Files.writeString(folder.resolve("config.json"), "{");
          assertThat(ask(client, "other")).isInstanceOf(Complete.class);
        }
        // When it is told to stop
        gateway.destroy();
        // Then
        assertThat(gateway.waitFor(10, TimeUnit.SECONDS)).isTrue();
      } finally {
        gateway.destroyForcibly();
      }
    }
  }

  @Test
  void aFolderThatIsNotThereIsOneSentenceAndStatusTwo() throws Exception {
    assertThat(refusal("--config", folder.resolve("nowhere").toString()))
        .contains("There is no folder");
  }

  @Test
  void anUnknownArgumentIsOneSentenceAndStatusTwo() throws Exception {
    assertThat(refusal("--nonsense")).contains("--nonsense");
  }

  @Test
  void anOddOperatorIsOneSentenceAndStatusTwo() throws Exception {
    assertThat(refusal("--operator", "ftp://127.0.0.1:9443"))
        .isEqualTo("--operator: an operator's URL is http(s) or ws(s).");
    assertThat(refusal("--operator", "ws://127.0.0.1:1" + ",ws://127.0.0.1:1".repeat(16)))
        .isEqualTo("--operator: at most 16 operators can be dialled.");
  }

  @Test
  void aPortInUseIsOneSentenceAndStatusTwo() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      assertThat(refusal("--config", folder.toString(), "--port", port, "--metrics-port", "0"))
          .contains("Cannot listen on 127.0.0.1:" + port);
    }
  }

  private String refusal(String... arguments) throws Exception {
    Process gateway = start(arguments);
    try {
      String said = new String(gateway.getErrorStream().readAllBytes(), UTF_8).strip();
      assertThat(gateway.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(gateway.exitValue()).isEqualTo(2);
      assertThat(said.lines()).hasSize(1);
      return said;
    } finally {
      gateway.destroyForcibly();
    }
  }

  private void write(SimulatedProvider provider, String model) throws IOException {
    Files.writeString(
        folder.resolve("credentials.json"), "{\"keys\":{\"alpha/main\":\"sk-alpha\"}}");
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"providers":[{"name":"alpha","type":"Anthropic","baseUrl":"%s","keys":["main"]}],
         "routes":[{"name":"assistant","models":["%s"],
                    "targets":[{"provider":"alpha","model":"claude"}]}]}
        """
            .formatted(provider.anthropicBaseUrl(), model));
  }

  private static ChatClient client(Matcher ports) {
    return new ChatClient(
        "http://127.0.0.1:" + ports.group(1), "", Duration.ofSeconds(10), System::nanoTime);
  }

  private static ChatResult ask(ChatClient client, String model) {
    return client.send(ChatCall.of(Dialect.OPENAI, model, "#tag", false));
  }

  private static boolean isReady(Matcher ports) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI readyz = URI.create("http://127.0.0.1:" + ports.group(2) + "/readyz");
      return http.send(HttpRequest.newBuilder(readyz).build(), BodyHandlers.ofString()).statusCode()
          == 200;
    }
  }

  private static Matcher ports(Process gateway) throws IOException {
    var said = gateway.errorReader(UTF_8);
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      Matcher ports = PORTS.matcher(line);
      if (ports.find()) {
        return ports;
      }
    }
    throw new IOException("the gateway ended before it served");
  }

  private static Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            GatewayMain.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
  }
}
