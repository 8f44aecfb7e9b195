package dev.changeover.local.process;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.crds.LlmProvider;
import dev.changeover.crds.LlmProviderStatus;
import dev.changeover.crds.LlmRoute;
import dev.changeover.crds.LlmRouteStatus;
import dev.changeover.gateway.GatewayMain;
import dev.changeover.local.cluster.EmbeddedApiServer;
import dev.changeover.operator.OperatorMain;
import dev.changeover.testkit.process.GatewayProcess;
import dev.changeover.testkit.process.JavaProcess;
import dev.changeover.testkit.process.MountedFolder;
import dev.changeover.testkit.process.OperatorProcess;
import dev.changeover.testkit.process.Page;
import dev.changeover.testkit.provider.SimulatedProvider;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An API server in this JVM, an operator and gateways in processes of their own, and two simulated
 * providers behind one route: {@code assistant}, Anthropic's dialect before OpenAI's.
 */
final class ProcessFleet implements AutoCloseable {
  static final String MODEL = "assistant";
  static final Duration SETTLED_MAX = Duration.ofSeconds(60);

  private final Path folder;
  private final Map<String, String> environment;
  private final EmbeddedApiServer server = EmbeddedApiServer.start();
  private final KubernetesClient client = server.client();
  private final SimulatedProvider anthropic;
  private final SimulatedProvider openAi;
  private final MountedFolder mounted;
  private final SecretMount mount;
  private final List<JavaProcess> processes = new ArrayList<>();
  private OperatorProcess operator;
  private int operators;

  /**
   * A fleet with its operator running and no gateway yet.
   *
   * @param folder for what the processes write and read
   * @param keys the providers' keys
   * @param environment of each process
   */
  ProcessFleet(Path folder, Keys keys, Map<String, String> environment) {
    this.folder = folder;
    this.environment = environment;
    anthropic = SimulatedProvider.brisk("anthropic", keys.anthropic(), System::nanoTime);
    openAi = SimulatedProvider.brisk("openai", keys.openAi(), System::nanoTime);
    mounted = new MountedFolder(folder.resolve("mounted"));
    mount = new SecretMount(client, mounted);
    secret(Map.of("anthropic", keys.anthropic(), "openai", keys.openAi()));
    apply(
        """
        apiVersion: changeover.dev/v1alpha1
        kind: LlmProvider
        metadata: {name: anthropic, namespace: default}
        spec:
          type: Anthropic
          baseUrl: %s
          credentials: [{name: main, secretKeyRef: {name: keys, key: anthropic}}]
        """
            .formatted(anthropic.anthropicBaseUrl()));
    apply(
        """
        apiVersion: changeover.dev/v1alpha1
        kind: LlmProvider
        metadata: {name: openai, namespace: default}
        spec:
          type: OpenAI
          baseUrl: %s
          credentials: [{name: main, secretKeyRef: {name: keys, key: openai}}]
        """
            .formatted(openAi.openAiBaseUrl()));
    apply(
        """
        apiVersion: changeover.dev/v1alpha1
        kind: LlmRoute
        metadata: {name: assistant, namespace: default}
        spec:
          models: [assistant]
          targets:
          - {providerRef: {name: anthropic}, model: claude-sonnet-4-5}
          - {providerRef: {name: openai}, model: gpt-4o}
        """);
    try {
      operator = startOperator(0);
    } catch (RuntimeException | AssertionError e) {
      close();
      throw e;
    }
  }

  /** The keys of the two providers. */
  record Keys(String anthropic, String openAi) {
    static final Keys SOME = new Keys("key-of-anthropic-0001", "key-of-openai-0001");
  }

  SimulatedProvider anthropic() {
    return anthropic;
  }

  SimulatedProvider openAi() {
    return openAi;
  }

  KubernetesClient client() {
    return client;
  }

  SecretMount mount() {
    return mount;
  }

  JavaProcess operator() {
    return operator.process();
  }

  Page operatorMetrics() {
    return operator.metrics();
  }

  URI operatorAddress() {
    return operator.address();
  }

  /** Makes or replaces a resource. */
  void apply(String yaml) {
    client
        .resource(Serialization.unmarshal(yaml, GenericKubernetesResource.class))
        .serverSideApply();
  }

  /** The Secret that both providers' keys are read from. */
  void secret(Map<String, String> keys) {
    Map<String, String> data = new TreeMap<>();
    keys.forEach(
        (name, key) -> data.put(name, Base64.getEncoder().encodeToString(key.getBytes(US_ASCII))));
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("keys")
                .withNamespace("default")
                .endMetadata()
                .withData(data)
                .build())
        .serverSideApply();
  }

  /** Starts the operator again where the gateways look for it. */
  void startOperatorAgain() {
    operator = startOperator(operator.controlPort());
  }

  private OperatorProcess startOperator(int port) {
    var start =
        new OperatorProcess.Start(
            OperatorMain.class,
            "operator-" + ++operators,
            folder,
            kubeconfig(),
            SecretMount.NAMESPACE,
            port,
            JavaProcess.HEAP_MEGABYTES,
            List.of("--assume-monitoring-api"),
            environment);
    OperatorProcess process = OperatorProcess.start(start);
    processes.add(process.process());
    return process;
  }

  private Path kubeconfig() {
    String text =
        """
        apiVersion: v1
        kind: Config
        current-context: embedded
        clusters: [{name: embedded, cluster: {server: "%s"}}]
        users: [{name: operator, user: {token: "%s"}}]
        contexts: [{name: embedded, context: {cluster: embedded, user: operator}}]
        """
            .formatted(server.config().getMasterUrl(), server.config().getOauthToken());
    try {
      return Files.writeString(folder.resolve("kubeconfig"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A gateway on the mounted folder that dials the operator, ready to serve. */
  GatewayProcess startGateway(String name) {
    return startGateway(name, List.of(operatorAddress()));
  }

  /** A gateway on the mounted folder, ready to serve. */
  GatewayProcess startGateway(String name, List<URI> dialled) {
    GatewayProcess gateway =
        GatewayProcess.start(
            new GatewayProcess.Start(
                GatewayMain.class, name, folder, mounted.path(), dialled, List.of(), environment));
    processes.add(gateway.process());
    await(name + " is ready").atMost(SETTLED_MAX).until(gateway::ready);
    return gateway;
  }

  /** Waits until both providers say that every gateway has them. */
  void awaitProgrammed(int gateways) {
    String all = gateways + "/" + gateways;
    await()
        .atMost(SETTLED_MAX)
        .untilAsserted(() ->
            assertThat(List.of(standing("anthropic"), standing("openai")))
                .allMatch(standing -> standing.startsWith("True " + all)));
  }

  private String standing(String provider) {
    LlmProviderStatus status = status(provider);
    return "%s %s %s".formatted(status.ready(), status.gateways(), status.message());
  }

  LlmProviderStatus status(String provider) {
    LlmProviderStatus status =
        client
            .resources(LlmProvider.class)
            .inNamespace("default")
            .withName(provider)
            .get()
            .getStatus();
    return status == null ? LlmProviderStatus.builder().build() : status;
  }

  String routeState() {
    LlmRouteStatus status =
        client
            .resources(LlmRoute.class)
            .inNamespace("default")
            .withName("assistant")
            .get()
            .getStatus();
    return status == null || status.state() == null ? "" : status.state();
  }

  @Override
  public void close() {
    for (JavaProcess process : processes.reversed()) {
      process.close();
    }
    mount.close();
    client.close();
    server.close();
    anthropic.close();
    openAi.close();
  }
}
