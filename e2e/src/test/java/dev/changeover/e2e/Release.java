package dev.changeover.e2e;

import static org.awaitility.Awaitility.await;

import dev.changeover.testkit.client.ChatCall;
import dev.changeover.testkit.client.ChatClient;
import dev.changeover.testkit.client.ChatResult;
import dev.changeover.testkit.process.SteadyTraffic;
import dev.changeover.testkit.provider.Dialect;
import dev.changeover.testkit.provider.SimulatedProvider;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Changeover as Helm installs it, in pods of a namespace of its own that enforces the restricted
 * pod security, with two simulated providers on this machine behind the route {@code assistant}.
 */
final class Release implements AutoCloseable {
  static final String NAME = "changeover";

  /** Bounds for a machine that does much else besides. */
  static final Duration SETTLED_MAX = Duration.ofMinutes(3);

  private static final String TIMEOUT = "--timeout=180s";
  private static final Duration HELM_MAX = Duration.ofMinutes(4);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(30);

  /** Where a node of ours finds what listens on this machine. */
  private static final String THIS_MACHINE = "10.250.0.2";

  private final Cluster cluster;
  private final String namespace;
  private final Kubectl kubectl;
  private final SimulatedProvider anthropic;
  private final SimulatedProvider openAi;
  private final List<String> values;
  private String origin = "";

  private Release(Cluster cluster, String namespace, List<String> values) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.values = List.copyOf(values);
    kubectl = cluster.kubectl(namespace);
    anthropic = SimulatedProvider.brisk("anthropic", Installation.ANTHROPIC_KEY, System::nanoTime);
    openAi = SimulatedProvider.brisk("openai", Installation.OPENAI_KEY, System::nanoTime);
  }

  /** A namespace with providers and a route, and the release in it with all of its pods ready. */
  static Release installed(Cluster cluster, String stem, String... values) {
    return installedIn(cluster, cluster.freshNamespace(stem), values);
  }

  /** The same in a namespace that is there already. */
  static Release installedIn(Cluster cluster, String namespace, String... values) {
    cluster.loadImages();
    List<String> all =
        new ArrayList<>(
            List.of(
                "gateway.allowPlainHttp=true",
                "gateway.drain.propagation=3s",
                "gateway.drain.streams=30s"));
    all.addAll(Arrays.asList(values));
    var release = new Release(cluster, namespace, all);
    try {
      release.prepare();
      release.install();
      return release;
    } catch (RuntimeException | AssertionError e) {
      release.close();
      throw e;
    }
  }

  private void prepare() {
    kubectl.ok(
        "label",
        "namespace",
        namespace,
        "pod-security.kubernetes.io/enforce=restricted",
        "changeover.dev/client=true");
    key(Installation.ANTHROPIC_KEY);
    kubectl.apply(providerYaml("anthropic", "Anthropic", anthropic.anthropicBaseUrl())).ok();
    kubectl.apply(providerYaml("openai", "OpenAI", openAi.openAiBaseUrl())).ok();
    kubectl.apply(Installation.ROUTE).ok();
  }

  private String providerYaml(String name, String type, String baseUrl) {
    int port = name.equals("anthropic") ? anthropic.port() : openAi.port();
    cluster.control("reverse", Integer.toString(port));
    return Installation.providerYaml(name, type, baseUrl.replace("127.0.0.1", THIS_MACHINE));
  }

  /** Puts this key for the preferred provider into the Secret. */
  void key(String anthropicKey) {
    kubectl.apply(Installation.secretYaml(anthropicKey, Installation.OPENAI_KEY)).ok();
  }

  void install(String... more) {
    helm("install", more);
    origin = forwarded();
    awaitProgrammed();
  }

  /** Installs it anew over itself, with these values besides; comes back when all is rolled out. */
  void upgrade(String... more) {
    helm("upgrade", more);
  }

  private void helm(String verb, String... more) {
    List<String> words =
        new ArrayList<>(List.of(verb, NAME, Helm.CHART.toString(), "--wait", TIMEOUT));
    boolean definitions = Arrays.asList(more).contains("--take-ownership");
    words.add("--set=crds.enabled=" + definitions);
    values.forEach(value -> words.add("--set=" + value));
    words.addAll(Arrays.asList(more));
    run(words);
  }

  void uninstall() {
    run(List.of("uninstall", NAME, "--wait", TIMEOUT));
  }

  /** What {@code helm test} says, having succeeded. */
  String test() {
    return run(List.of("test", NAME, TIMEOUT));
  }

  private String run(List<String> words) {
    List<String> all = new ArrayList<>(words);
    all.add("--namespace=" + namespace);
    return Command.of(Helm.program(), all.toArray(String[]::new))
        .with(Map.of("KUBECONFIG", cluster.kubeconfig().toString()))
        .within(HELM_MAX)
        .run()
        .ok();
  }

  /** A port of this machine that leads to the gateways' Service. */
  private String forwarded() {
    String address =
        kubectl.ok("get", "service", NAME + "-gateway", "--output=jsonpath={.spec.clusterIP}");
    String said = cluster.control("forward", address + ":8080").strip();
    return "http://127.0.0.1:" + said.substring(said.lastIndexOf('\n') + 1).strip();
  }

  String namespace() {
    return namespace;
  }

  Kubectl kubectl() {
    return kubectl;
  }

  SimulatedProvider anthropic() {
    return anthropic;
  }

  /** The operator's name in the audit log. */
  String operatorUser() {
    return "system:serviceaccount:%s:%s-operator".formatted(namespace, NAME);
  }

  ChatResult ask(Dialect dialect, boolean streaming) {
    try (var client = new ChatClient(origin, "", ANSWER_MAX, System::nanoTime)) {
      return client.send(ChatCall.of(dialect, "assistant", "#asked", streaming));
    }
  }

  /** Callers without a pause, through the Service. */
  SteadyTraffic traffic(int callers) {
    return SteadyTraffic.start("assistant", callers, List.of(origin), System::nanoTime);
  }

  /** The names of a component's pods that are not about to end. */
  List<String> pods(String component) {
    return list(component).stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .map(pod -> pod.getMetadata().getName())
        .sorted()
        .toList();
  }

  /** How often the containers of a component's pods have been started again, by pod. */
  Map<String, Integer> restarts(String component) {
    return list(component).stream()
        .collect(
            Collectors.toMap(
                pod -> pod.getMetadata().getName(),
                pod ->
                    pod.getStatus().getContainerStatuses().stream()
                        .mapToInt(ContainerStatus::getRestartCount)
                        .sum()));
  }

  private List<Pod> list(String component) {
    return cluster
        .client()
        .pods()
        .inNamespace(namespace)
        .withLabel("app.kubernetes.io/component", component)
        .list()
        .getItems();
  }

  void rolledOut(String component) {
    kubectl
        .command("rollout", "status", "deployment/" + NAME + "-" + component, TIMEOUT)
        .within(HELM_MAX)
        .run()
        .ok();
  }

  void awaitProgrammed() {
    await("route is on every gateway")
        .atMost(SETTLED_MAX)
        .until(() ->
            kubectl.run("wait", "llmr/assistant", "--for=condition=Ready", "--timeout=5s").status()
                == 0);
  }

  /** Waits until the first target of the route answers. */
  void awaitPreferred() {
    awaitProgrammed();
    await("the preferred provider serves")
        .atMost(SETTLED_MAX)
        .until(() -> ask(Dialect.ANTHROPIC, false).reply().provider().endsWith("/anthropic"));
  }

  /** The image of a component's pods. */
  String image(String component) {
    return kubectl.ok(
        "get",
        "deployment",
        NAME + "-" + component,
        "--output=jsonpath={.spec.template.spec.containers[0].image}");
  }

  void awaitState(String provider, String state) {
    await(provider + " is " + state)
        .atMost(SETTLED_MAX)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> state(provider).equals(state));
  }

  String state(String provider) {
    return kubectl.ok("get", "llmp", provider, "--output=jsonpath={.status.state}");
  }

  @Override
  public void close() {
    anthropic.close();
    openAi.close();
    Command.of(Helm.program(), "uninstall", NAME, "--namespace=" + namespace, "--ignore-not-found")
        .with(Map.of("KUBECONFIG", cluster.kubeconfig().toString()))
        .run();
    kubectl.run("delete", "namespace", namespace, "--wait=false");
  }
}
