package dev.changeover.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.crds.LlmProvider;
import dev.changeover.crds.LlmRoute;
import dev.changeover.gateway.GatewayMain;
import dev.changeover.operator.OperatorMain;
import dev.changeover.testkit.client.ChatCall;
import dev.changeover.testkit.client.ChatClient;
import dev.changeover.testkit.client.ChatResult;
import dev.changeover.testkit.process.GatewayProcess;
import dev.changeover.testkit.process.JavaProcess;
import dev.changeover.testkit.process.OperatorProcess;
import dev.changeover.testkit.provider.Dialect;
import dev.changeover.testkit.provider.SimulatedProvider;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Changeover in one fresh namespace of a cluster, as processes on this machine: an operator under
 * its chart's ServiceAccount and rights, gateways that dial it and have its Secret mounted, and two
 * simulated providers behind the route {@code assistant}, Anthropic's dialect before OpenAI's.
 */
final class Installation implements AutoCloseable {
  static final String MODEL = "assistant";
  static final Duration SETTLED_MAX = Duration.ofSeconds(60);
  static final String ANTHROPIC_KEY = "key-of-anthropic-0001";
  static final String OPENAI_KEY = "key-of-openai-0001";

  /** The route {@code assistant}. */
  static final String ROUTE =
      """
      apiVersion: changeover.dev/v1alpha1
      kind: LlmRoute
      metadata: {name: assistant}
      spec:
        models: [assistant]
        targets:
        - {providerRef: {name: anthropic}, model: claude-sonnet-4-5}
        - {providerRef: {name: openai}, model: gpt-4o}
      """;

  private static final String OPERATOR_ACCOUNT = "changeover-operator";
  private static final Duration ANSWER_MAX = Duration.ofSeconds(30);

  private final Cluster cluster;
  private final Path folder;
  private final String namespace;
  private final Kubectl kubectl;
  private final Path operatorKubeconfig;
  private final SimulatedProvider anthropic =
      SimulatedProvider.brisk("anthropic", ANTHROPIC_KEY, System::nanoTime);
  private final SimulatedProvider openAi =
      SimulatedProvider.brisk("openai", OPENAI_KEY, System::nanoTime);
  private final SecretMount mount;
  private final List<AutoCloseable> processes = new ArrayList<>();
  private int started;
  private @Nullable OperatorProcess operator;

  /** The namespace with its Secret, providers and route; nothing runs yet. */
  Installation(Cluster cluster, Path folder, String stem) {
    this.cluster = cluster;
    this.folder = folder;
    namespace = cluster.freshNamespace(stem);
    kubectl = cluster.kubectl(namespace);
    mount = new SecretMount(cluster.client(), namespace, folder.resolve("mounted"));
    operatorKubeconfig = serviceAccount();
    secret(ANTHROPIC_KEY, OPENAI_KEY);
    apply(providerYaml("anthropic", "Anthropic", anthropic.anthropicBaseUrl()));
    apply(providerYaml("openai", "OpenAI", openAi.openAiBaseUrl()));
    apply(ROUTE);
  }

  /** The same with an operator and so many gateways: {@code gateway-1} and so on. */
  static Installation started(Cluster cluster, Path folder, String stem, int gateways) {
    var installation = new Installation(cluster, folder, stem);
    try {
      installation.startOperator();
      for (int n = 1; n <= gateways; n++) {
        installation.startGateway("gateway-" + n);
      }
      installation.awaitProgrammed(gateways);
      return installation;
    } catch (RuntimeException | AssertionError e) {
      installation.close();
      throw e;
    }
  }

  static String providerYaml(String name, String type, String baseUrl) {
    return """
    apiVersion: changeover.dev/v1alpha1
    kind: LlmProvider
    metadata: {name: %s}
    spec:
      type: %s
      baseUrl: %s
      credentials: [{name: main, secretKeyRef: {name: keys, key: %s}}]
    """
        .formatted(name, type, baseUrl, type.equals("Anthropic") ? "anthropic" : "openai");
  }

  /** The Secret that both providers' keys are read from. */
  static String secretYaml(String anthropicKey, String openAiKey) {
    return """
    apiVersion: v1
    kind: Secret
    metadata: {name: keys}
    data: {anthropic: %s, openai: %s}
    """
        .formatted(base64(anthropicKey), base64(openAiKey));
  }

  private static String base64(String key) {
    return Base64.getEncoder().encodeToString(key.getBytes(US_ASCII));
  }

  /** Makes the chart's ServiceAccount with its rights; a kubeconfig with a token of it. */
  private Path serviceAccount() {
    kubectl.apply(Helm.parts(namespace, "serviceaccounts.yaml", "operator/rbac.yaml")).ok();
    String token = kubectl.ok("create", "token", OPERATOR_ACCOUNT, "--duration=2h").strip();
    String server = view("{.clusters[0].cluster.server}");
    String authority = view("{.clusters[0].cluster.certificate-authority-data}");
    String text =
        """
        apiVersion: v1
        kind: Config
        current-context: cluster
        clusters: [{name: cluster, cluster: {server: "%s", certificate-authority-data: "%s"}}]
        users: [{name: operator, user: {token: "%s"}}]
        contexts: [{name: cluster, context: {cluster: cluster, user: operator}}]
        """
            .formatted(server, authority, token);
    try {
      return Files.writeString(folder.resolve("operator.kubeconfig"), text, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String view(String path) {
    return kubectl.ok("config", "view", "--raw", "--minify", "--output=jsonpath=" + path);
  }

  String namespace() {
    return namespace;
  }

  /** The operator's name in the audit log. */
  String operatorUser() {
    return "system:serviceaccount:" + namespace + ":" + OPERATOR_ACCOUNT;
  }

  Kubectl kubectl() {
    return kubectl;
  }

  KubernetesClient client() {
    return cluster.client();
  }

  /** A client with the operator's rights that is told each refusal; who asks for it closes it. */
  KubernetesClient clientOfOperator() {
    try {
      Config config =
          new ConfigBuilder(Config.fromKubeconfig(Files.readString(operatorKubeconfig, UTF_8)))
              .withRequestRetryBackoffLimit(0)
              .build();
      return new KubernetesClientBuilder().withConfig(config).build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  SimulatedProvider anthropic() {
    return anthropic;
  }

  SimulatedProvider openAi() {
    return openAi;
  }

  SecretMount mount() {
    return mount;
  }

  OperatorProcess operator() {
    if (operator == null) {
      throw new IllegalStateException("no operator has been started");
    }
    return operator;
  }

  void apply(String yaml) {
    kubectl.apply(yaml).ok();
  }

  /** The Secret that both providers' keys are read from. */
  void secret(String anthropicKey, String openAiKey) {
    apply(secretYaml(anthropicKey, openAiKey));
  }

  /** Gives the route another deadline; tells what kubectl said. */
  Command.Result deadline(int seconds) {
    return kubectl.run(
        "patch",
        "llmr/assistant",
        "--type=merge",
        "--patch={\"spec\":{\"attempts\":{\"deadline\":\"" + seconds + "s\"}}}");
  }

  /** Starts the operator, again where the gateways look for it. */
  OperatorProcess startOperator(String... options) {
    return startOperator(JavaProcess.HEAP_MEGABYTES, options);
  }

  OperatorProcess startOperator(int heapMegabytes, String... options) {
    List<String> all = new ArrayList<>(List.of("--watch-namespaces=" + namespace));
    all.addAll(Arrays.asList(options));
    operator =
        OperatorProcess.start(
            new OperatorProcess.Start(
                OperatorMain.class,
                "operator-" + ++started,
                folder,
                operatorKubeconfig,
                namespace,
                operator == null ? 0 : operator.controlPort(),
                heapMegabytes,
                all,
                Map.of()));
    processes.add(operator);
    return operator;
  }

  /** A gateway that has the durable Secret mounted and dials the operator, ready to serve. */
  GatewayProcess startGateway(String name) {
    GatewayProcess gateway =
        GatewayProcess.start(
            new GatewayProcess.Start(
                GatewayMain.class,
                name,
                folder,
                mount.path(),
                List.of(operator().address()),
                List.of(),
                Map.of()));
    processes.add(gateway);
    await(name + " is ready").atMost(SETTLED_MAX).until(gateway::ready);
    return gateway;
  }

  /** One of the gateways that were started. */
  GatewayProcess gateway(String name) {
    return processes.stream()
        .filter(GatewayProcess.class::isInstance)
        .map(GatewayProcess.class::cast)
        .filter(each -> each.process().name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** One question to a gateway, and its answer. */
  ChatResult ask(GatewayProcess gateway, Dialect dialect) {
    return ask(gateway, dialect, MODEL);
  }

  ChatResult ask(GatewayProcess gateway, Dialect dialect, String model) {
    try (var client = new ChatClient(gateway.origin(), "", ANSWER_MAX, System::nanoTime)) {
      return client.send(ChatCall.of(dialect, model, "#asked", false));
    }
  }

  /** Waits until both providers and the route say that every gateway has them. */
  void awaitProgrammed(int gateways) {
    String all = gateways + "/" + gateways;
    await()
        .atMost(SETTLED_MAX)
        .untilAsserted(() ->
            assertThat(List.of(standing("anthropic"), standing("openai")))
                .allMatch(standing -> standing.startsWith("True " + all)));
  }

  private String standing(String provider) {
    var status = provider(provider).getStatus();
    return status == null ? "" : "%s %s".formatted(status.ready(), status.gateways());
  }

  LlmProvider provider(String name) {
    return client().resources(LlmProvider.class).inNamespace(namespace).withName(name).require();
  }

  LlmRoute route(String name) {
    return client().resources(LlmRoute.class).inNamespace(namespace).withName(name).require();
  }

  void awaitProviderState(String name, String state) {
    await(name + " is " + state)
        .atMost(SETTLED_MAX)
        .until(() -> {
          var status = provider(name).getStatus();
          return status != null && state.equals(status.state());
        });
  }

  void awaitRouteState(String name, String state) {
    await(name + " is " + state)
        .atMost(SETTLED_MAX)
        .until(() -> {
          var status = route(name).getStatus();
          return status != null && state.equals(status.state());
        });
  }

  /** Waits for an Event about an object, such as {@code llmroute/assistant}. */
  void awaitEvent(String object, String reason) {
    await(reason + " of " + object)
        .atMost(SETTLED_MAX)
        .until(() -> kubectl.run("events", "--for=" + object).text().contains(reason));
  }

  @Override
  public void close() {
    for (AutoCloseable process : processes.reversed()) {
      try {
        process.close();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
    mount.close();
    anthropic.close();
    openAi.close();
  }
}
