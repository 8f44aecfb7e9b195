package dev.changeover.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.changeover.local.fleet.GatewayObserver;
import dev.changeover.local.fleet.LocalFleet;
import dev.changeover.local.fleet.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A provider under a CA of its own. */
class TrustIT {
  private static final String PASSWORD = "changeit";
  private static final Duration MAX = Duration.ofSeconds(30);

  @TempDir private Path folder;

  private final Terminal terminal =
      new Terminal(
          InputStream.nullInputStream(),
          System.out,
          System.err,
          _ -> Optional.empty(),
          InstantSource.system(),
          System::nanoTime);

  @Test
  void itServesThroughTheProviderThatTrustsItsCaAndThroughNoOther() throws Exception {
    Path store = folder.resolve("store.p12");
    keytool(store, "-genkeypair", "-keyalg", "EC", "-dname", "CN=t", "-ext", "san=ip:127.0.0.1");
    Path pem = folder.resolve("ca.pem");
    keytool(store, "-exportcert", "-rfc", "-file", pem.toString());
    HttpsServer provider = provider(store);
    try (var fleet =
        LocalFleet.start(
            Resources.accepted(
                Resources.files(terminal)
                    .parse("test", yaml(provider.getAddress().getPort(), Files.readString(pem)))),
            Ports.anyFree(1),
            new LocalFleet.Clocks(terminal.clock(), terminal.nanoClock()),
            GatewayObserver.NOBODY)) {
      assertThat(status(fleet, "trusting")).isEqualTo(200);
      assertThat(status(fleet, "strange")).isGreaterThanOrEqualTo(500);
    } finally {
      provider.stop(0);
    }
  }

  private static HttpsServer provider(Path store) throws Exception {
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    var tls = SSLContext.getInstance("TLS");
    tls.init(managers.getKeyManagers(), null, null);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    byte[] answer =
        """
        {"id": "1", "object": "chat.completion", "created": 1, "model": "m",
         "choices": [{"index": 0, "finish_reason": "stop",
                      "message": {"role": "assistant", "content": "Hello."}}],
         "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}}
        """
            .getBytes(UTF_8);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static String yaml(int port, String pem) {
    return """
    apiVersion: v1
    kind: Secret
    metadata: {name: ca}
    stringData:
      ca.crt: |
    %s
    ---
    apiVersion: changeover.dev/v1alpha1
    kind: LlmProvider
    metadata: {name: trusting}
    spec:
      type: OpenAICompatible
      baseUrl: https://127.0.0.1:%d/v1
      tls: {caSecretRef: {name: ca, key: ca.crt}}
    ---
    apiVersion: changeover.dev/v1alpha1
    kind: LlmProvider
    metadata: {name: strange}
    spec:
      type: OpenAICompatible
      baseUrl: https://127.0.0.1:%d/v1
    ---
    apiVersion: changeover.dev/v1alpha1
    kind: LlmRoute
    metadata: {name: trusting}
    spec:
      models: [trusting]
      targets: [{providerRef: {name: trusting}, model: m}]
    ---
    apiVersion: changeover.dev/v1alpha1
    kind: LlmRoute
    metadata: {name: strange}
    spec:
      models: [strange]
      targets: [{providerRef: {name: strange}, model: m}]
    """
        .formatted(pem.strip().indent(4), port, port);
  }

  private static int status(LocalFleet fleet, String model) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create(fleet.urls().getFirst() + "/v1/chat/completions"))
              .header("Content-Type", "application/json")
              .timeout(MAX)
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      "{\"model\": \"%s\", \"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}"
                          .formatted(model)))
              .build();
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }

  private void keytool(Path store, String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    command.addAll(List.of(arguments));
    command.addAll(
        List.of(
            "-alias", "one", "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass",
            PASSWORD));
    Path output = folder.resolve("keytool.out");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
    assertThat(process.waitFor(MAX.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
  }
}
