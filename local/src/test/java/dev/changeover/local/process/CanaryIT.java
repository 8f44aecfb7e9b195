package dev.changeover.local.process;

import static dev.changeover.local.process.ProcessFleet.SETTLED_MAX;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.contract.ContractJson;
import dev.changeover.crds.LlmProvider;
import dev.changeover.crds.LlmRoute;
import dev.changeover.gateway.GatewayMain;
import dev.changeover.testkit.client.ChatCall;
import dev.changeover.testkit.process.GatewayProcess;
import dev.changeover.testkit.process.MountedFolder;
import dev.changeover.testkit.provider.Dialect;
import dev.changeover.testkit.provider.Fault.Reply;
import dev.changeover.testkit.provider.ProviderSettings;
import dev.changeover.testkit.provider.SimulatedProvider;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Keys that nobody may find: the whole fleet runs at its finest log level, providers say the keys
 * that they were given wherever they can, and then everything is searched that comes out anywhere.
 */
final class CanaryIT {
  private static final ProcessFleet.Keys KEYS =
      new ProcessFleet.Keys(
          "sk-ant-api03-A0+Zq7/Wm2=Xv9%B1n5L8~Kd4R6t", "sk-proj-H3+Yc8/Pk1=Ub6%Jf2W7~Gz5S9e0m");
  private static final String UNREADABLE = "sk-spaced-Tq4 Vb7+Ns2/Lx6=Rm9~Gh1";
  private static final List<Canary> CANARIES =
      List.of(
          new Canary("the key of anthropic", KEYS.anthropic()),
          new Canary("the key of openai", KEYS.openAi()),
          new Canary("the unreadable key", UNREADABLE));
  private static final Map<String, String> FINEST = Map.of("CHANGEOVER_LOG_LEVEL", "TRACE");
  private static final Duration REPLY_MAX = Duration.ofSeconds(30);

  @TempDir private Path folder;

  private final List<SimulatedProvider> echoing = new ArrayList<>();
  private final List<String> routes = new ArrayList<>();
  private final Map<String, String> replies = new TreeMap<>();

  @Test
  void noKeyIsFoundButWhereKeysBelong() throws Exception {
    try (var fleet = new ProcessFleet(folder, KEYS, FINEST)) {
      EchoedKeys.anthropic(KEYS.anthropic())
          .forEach((name, reply) -> echo(fleet, "Anthropic", name, reply));
      EchoedKeys.openAi(KEYS.openAi()).forEach((name, reply) -> echo(fleet, "OpenAI", name, reply));
      misconfigure(fleet);
      GatewayProcess first = fleet.startGateway("gateway-1");
      GatewayProcess second = fleet.startGateway("gateway-2");
      fleet.awaitProgrammed(2);

      askEverybody(List.of(first, second));
      fleet.operator().kill();
      fleet.startOperatorAgain();
      fleet.awaitProgrammed(2);
      refuseFolders();
      Map<String, String> texts = everythingSaid(fleet, List.of(first, second));
      first.process().terminate();
      fleet.operator().terminate();
      first.process().exit();
      fleet.operator().exit();
      texts.putAll(written());

      assertThat(Canary.leaks(CANARIES, texts)).isEmpty();
      assertThat(texts.keySet()).hasSizeGreaterThan(200);
      assertEveryProviderWasCalledWithItsKey();
      assertTheKeysAreWhereTheyBelong(fleet);
      assertTheFinestLevelWasOn(texts);
    } finally {
      echoing.forEach(SimulatedProvider::close);
    }
  }

  @Test
  void leaksPlantedOnPurposeAreFound() throws Exception {
    try (var fleet = new ProcessFleet(folder, KEYS, FINEST)) {
      GatewayProcess gateway = fleet.startGateway("gateway-1");
      fleet.awaitProgrammed(1);
      String key = KEYS.anthropic();
      fleet.apply(
          """
          apiVersion: changeover.dev/v1alpha1
          kind: LlmRoute
          metadata: {name: planted, namespace: default}
          spec:
            models: ["%s"]
            targets: [{providerRef: {name: absent}, model: m}]
          """
              .formatted(key));
      ask(gateway, new Question("/v1/chat/completions", Dialect.OPENAI, key, false));

      Map<String, String> texts = everythingSaid(fleet, List.of(gateway));
      texts.putAll(written());

      assertThat(Canary.leaks(CANARIES, texts))
          .contains(
              "LlmRoute planted has the key of anthropic, plain",
              "gateway-1.out has the key of anthropic, plain")
          .anyMatch(leak -> leak.startsWith("reply of gateway-1"));
    }
  }

  /** A provider that answers so, a route that has a spare for it, and one that has none. */
  private void echo(ProcessFleet fleet, String type, String name, Reply reply) {
    boolean anthropic = type.equals("Anthropic");
    String full = (anthropic ? "a-" : "o-") + name;
    SimulatedProvider provider =
        SimulatedProvider.start(
            ProviderSettings.of(full, System::nanoTime)
                .withKey("main", anthropic ? KEYS.anthropic() : KEYS.openAi()));
    provider.always(reply);
    echoing.add(provider);
    fleet.apply(
        """
        apiVersion: changeover.dev/v1alpha1
        kind: LlmProvider
        metadata: {name: %s, namespace: default}
        spec:
          type: %s
          baseUrl: %s
          credentials: [{name: main, secretKeyRef: {name: keys, key: %s}}]
          health: {hold: {initial: 1s, max: 1s}}
        """
            .formatted(
                full,
                type,
                anthropic ? provider.anthropicBaseUrl() : provider.openAiBaseUrl(),
                anthropic ? "anthropic" : "openai"));
    route(fleet, full, full, "openai");
    route(fleet, full + "-alone", full);
  }

  private void route(ProcessFleet fleet, String model, String... providers) {
    routes.add(model);
    StringBuilder targets = new StringBuilder();
    for (String provider : providers) {
      targets.append("  - {providerRef: {name: ").append(provider).append("}, model: m}\n");
    }
    fleet.apply(
        """
        apiVersion: changeover.dev/v1alpha1
        kind: LlmRoute
        metadata: {name: %1$s, namespace: default}
        spec:
          models: [%1$s]
          targets:
        %2$s\
        """
            .formatted(model, targets));
  }

  /** Keys that cannot be read, and Secrets that are not what a provider takes them for. */
  private static void misconfigure(ProcessFleet fleet) {
    fleet.secret(
        Map.of("anthropic", KEYS.anthropic(), "openai", KEYS.openAi(), "unreadable", UNREADABLE));
    for (String key : List.of("unreadable", "absent")) {
      fleet.apply(
          """
          apiVersion: changeover.dev/v1alpha1
          kind: LlmProvider
          metadata: {name: with-%1$s-key, namespace: default}
          spec:
            type: OpenAI
            credentials: [{name: main, secretKeyRef: {name: keys, key: %1$s}}]
          """
              .formatted(key));
    }
  }

  private record Question(String path, Dialect dialect, String model, boolean streaming) {}

  private void askEverybody(List<GatewayProcess> gateways) throws Exception {
    routes.add(ProcessFleet.MODEL);
    routes.add("nobody-has-this-model");
    for (String model : routes) {
      int turn = 0;
      for (Dialect dialect : Dialect.values()) {
        for (boolean streaming : List.of(true, false)) {
          String path = dialect == Dialect.ANTHROPIC ? "/v1/messages" : "/v1/chat/completions";
          var question = new Question(path, dialect, model, streaming);
          ask(gateways.get(turn++ % gateways.size()), question);
        }
      }
    }
    for (GatewayProcess gateway : gateways) {
      ask(gateway, new Question("/v1/messages?key=1", Dialect.ANTHROPIC, "\"broken", false));
    }
  }

  private void ask(GatewayProcess gateway, Question question)
      throws IOException, InterruptedException {
    ChatCall call =
        ChatCall.of(question.dialect(), question.model(), "#canary", question.streaming());
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(gateway.origin() + question.path()))
            .header("content-type", "application/json")
            .header("anthropic-version", "2023-06-01")
            .timeout(REPLY_MAX)
            .POST(BodyPublishers.ofString(call.body()))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> reply = http.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(reply.statusCode()).isNotZero();
      replies.put(
          "reply of %s to %s".formatted(gateway.process().name(), question),
          reply.statusCode() + "\n" + reply.headers().map() + "\n" + reply.body());
    }
  }

  /** Gateways that cannot read what their folder holds, keys among it. */
  private void refuseFolders() {
    String key = KEYS.anthropic();
    Map<String, Map<String, byte[]>> folders =
        Map.of(
            "keys-broken",
            Map.of("config.json", bytes("{}"), "credentials.json", bytes("{\"keys\": {\"" + key)),
            "keys-odd",
            Map.of(
                "config.json",
                bytes("{}"),
                "credentials.json",
                bytes("{\"keys\": {\"p/main\": [\"" + key + "\"], \"" + key + "\": 7}}")),
            "keys-spaced",
            Map.of(
                "config.json",
                bytes("{}"),
                "credentials.json",
                bytes("{\"keys\": {\"p/main\": \"" + UNREADABLE + "\"}}")),
            "bundle-broken",
            Map.of("bundle.json.gz", bytes(key), "bundle.sha256", bytes(key)));
    folders.forEach((name, files) -> {
      var mounted = new MountedFolder(folder.resolve(name));
      mounted.show(files);
      try (GatewayProcess gateway =
          GatewayProcess.start(
              new GatewayProcess.Start(
                  GatewayMain.class, name, folder, mounted.path(), List.of(), List.of(), FINEST))) {
        gateway.process().awaitWritten(Pattern.compile("configuration folder (refused|applied)"));
      }
    });
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  /** Metrics, replies, and every object of the API server but Secrets, by place. */
  private Map<String, String> everythingSaid(ProcessFleet fleet, List<GatewayProcess> gateways) {
    await("statuses of all routes").atMost(SETTLED_MAX).until(() -> everyRouteHasAStatus(fleet));
    Map<String, String> texts = new TreeMap<>(replies);
    for (GatewayProcess gateway : gateways) {
      texts.put("metrics of " + gateway.process().name(), gateway.metrics().body());
    }
    texts.put("metrics of the operator", fleet.operatorMetrics().body());
    var client = fleet.client();
    Stream.of(
            client.resources(LlmProvider.class).inAnyNamespace().list().getItems(),
            client.resources(LlmRoute.class).inAnyNamespace().list().getItems(),
            client.events().v1().events().inAnyNamespace().list().getItems(),
            client.resources(PrometheusRule.class).inAnyNamespace().list().getItems(),
            client.configMaps().inAnyNamespace().list().getItems(),
            client.leases().inAnyNamespace().list().getItems())
        .flatMap(List::stream)
        .map(HasMetadata.class::cast)
        .forEach(each ->
            texts.put(
                each.getKind() + " " + each.getMetadata().getName(), Serialization.asJson(each)));
    assertThat(texts.values()).allMatch(text -> !text.isEmpty());
    return texts;
  }

  private static boolean everyRouteHasAStatus(ProcessFleet fleet) {
    return fleet.client().resources(LlmRoute.class).inAnyNamespace().list().getItems().stream()
        .allMatch(route -> route.getStatus() != null && route.getStatus().state() != null);
  }

  /** What all processes have written, by file. */
  private Map<String, String> written() throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(CanaryIT::isOutput).toList()) {
        texts.put(String.valueOf(file.getFileName()), new String(Files.readAllBytes(file), UTF_8));
      }
    }
    return texts;
  }

  private static boolean isOutput(Path file) {
    return file.toString().endsWith(".out") || file.toString().endsWith(".err");
  }

  private void assertEveryProviderWasCalledWithItsKey() {
    assertThat(echoing)
        .allMatch(provider ->
            provider.ledger().entries().stream()
                .anyMatch(entry -> entry.call().keyName().equals("main")));
  }

  private static void assertTheKeysAreWhereTheyBelong(ProcessFleet fleet) {
    String stored = ContractJson.writeWithKeys(fleet.mount().shown().orElseThrow());
    assertThat(stored).contains(KEYS.anthropic(), KEYS.openAi());
    String secret =
        Serialization.asJson(
            fleet.client().secrets().inNamespace("default").withName("keys").get());
    assertThat(Canary.leaks(CANARIES, Map.of("the Secret", secret))).hasSize(CANARIES.size());
  }

  private static void assertTheFinestLevelWasOn(Map<String, String> texts) {
    assertThat(texts.entrySet())
        .filteredOn(text -> text.getKey().matches("gateway-.*\\.out|operator-.*\\.out"))
        .hasSizeGreaterThanOrEqualTo(4)
        .allSatisfy(text -> assertThat(text.getValue()).contains("INFO"));
  }
}
