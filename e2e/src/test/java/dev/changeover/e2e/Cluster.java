package dev.changeover.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.changeover.crds.ResourceDefinition;
import dev.changeover.testkit.process.Page;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** A Kubernetes that knows our resources: one started for the tests, or the user's own. */
final class Cluster implements AutoCloseable {
  /** A first start builds Kubernetes. */
  private static final Duration START_MAX = Duration.ofMinutes(40);

  static final Path REPOSITORY = Path.of(System.getProperty("changeover.basedir", ".."));
  private static final Path SCRIPT = REPOSITORY.resolve("e2e/cluster/cluster.sh");
  private static final Duration IMAGES_MAX = Duration.ofMinutes(5);
  private static final int SUFFIX_LETTERS = 5;

  private final Optional<Path> state;
  private final Path kubeconfig;
  private final Path programs;
  private final KubernetesClient client;
  private boolean imagesLoaded;

  private Cluster(Optional<Path> state, Path kubeconfig, Path programs) {
    this.state = state;
    this.kubeconfig = kubeconfig;
    this.programs = programs;
    this.client = new KubernetesClientBuilder().withConfig(config(kubeconfig)).build();
  }

  /** The levels that `./changeover cluster up` knows. */
  enum Level {
    /** etcd and an API server. */
    A,
    /** A node that runs pods. */
    C
  }

  /** Starts a cluster of our own; flags of its API server, split at spaces. */
  static Cluster start(Level level, String apiServerFlags) {
    try {
      Path state = Files.createTempDirectory("changeover-").resolve("cluster");
      Map<String, String> environment =
          Map.of("CLUSTER_STATE", state.toString(), "CLUSTER_APISERVER_ARGS", apiServerFlags);
      Path programs = programs();
      String said =
          Command.of(SCRIPT, "up", level == Level.A ? "a" : "c")
              .with(environment)
              .within(START_MAX)
              .runShowingErrors()
              .ok();
      Path kubeconfig = Path.of(said.lines().reduce("", (_, last) -> last));
      return new Cluster(Optional.of(state), kubeconfig, programs).withDefinitions();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The user's own, reached with their kubectl and helm. */
  static Cluster ofUser(Path kubeconfig) {
    return new Cluster(Optional.empty(), kubeconfig, Path.of("")).withDefinitions();
  }

  /** The kubeconfig of the user's own, where the tests are to run there. */
  static Optional<Path> namedByUser() {
    return Optional.ofNullable(System.getenv("KUBECONFIG"))
        .filter(file -> !file.isEmpty())
        .map(Path::of);
  }

  /** Where the build of our own cluster leaves its programs. */
  static Path programs() {
    String said = Command.of(SCRIPT.resolveSibling("build.sh"), "--bin-dir").run().ok();
    return Path.of(said.strip());
  }

  Path kubeconfig() {
    return kubeconfig;
  }

  KubernetesClient client() {
    return client;
  }

  /** A namespace that nobody has used yet. */
  String freshNamespace(String stem) {
    String name =
        stem
            + "-"
            + RandomGenerator.getDefault()
                .ints(SUFFIX_LETTERS, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
    client
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
    return name;
  }

  Kubectl kubectl(String namespace) {
    return new Kubectl(programs.resolve("kubectl"), kubeconfig, namespace);
  }

  /** What the API server was asked and did; only of a cluster of our own. */
  AuditLog audit() {
    return new AuditLog(folder().resolve("log/audit.log"));
  }

  /** What etcd has written to its log so far; only of a cluster of our own, at level a. */
  long etcdBytesWritten() {
    try {
      String server = Files.readString(folder().resolve("run/kube-apiserver"), UTF_8);
      String port = server.replaceFirst("(?s).*--etcd-servers=\\S*?127\\.0\\.0\\.1:(\\d+).*", "$1");
      return Page.get(Integer.parseInt(port), "/metrics")
          .body()
          .lines()
          .filter(line -> line.startsWith("etcd_disk_wal_write_bytes_total "))
          .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One of the launcher's commands on a cluster of our own, such as those that break it. */
  String control(String... arguments) {
    return Command.of(SCRIPT, arguments)
        .with(Map.of("CLUSTER_STATE", folder().toString()))
        .run()
        .ok();
  }

  /** Builds the images of what was built last, and brings them onto the node of our own. */
  synchronized void loadImages() {
    if (imagesLoaded) {
      return;
    }
    Path archives = REPOSITORY.resolve("target/images");
    Command.of(
            Path.of(System.getProperty("java.home"), "bin/java"),
            REPOSITORY.resolve("images/Images.java").toString(),
            "--home",
            REPOSITORY.toString(),
            "--output",
            archives.toString())
        .within(IMAGES_MAX)
        .run()
        .ok();
    try (Stream<Path> tars = Files.list(archives)) {
      control(
          Stream.concat(Stream.of("load-image"), tars.map(Path::toString)).toArray(String[]::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    imagesLoaded = true;
  }

  private Path folder() {
    return state.orElseThrow(() -> new AssertionError("not for a user's own cluster"));
  }

  /** This cluster with our resources; ends with it where it does not take them. */
  private Cluster withDefinitions() {
    try {
      applyDefinitions();
      return this;
    } catch (RuntimeException | AssertionError e) {
      close();
      throw e;
    }
  }

  private void applyDefinitions() {
    for (ResourceDefinition definition : ResourceDefinition.all()) {
      String yaml = definition.yaml();
      kubectl("default").apply(yaml, "--server-side", "--force-conflicts").ok();
      kubectl("default")
          .ok(
              "wait",
              "--for=condition=Established",
              "crd/" + definition.plural() + "." + ResourceDefinition.GROUP);
    }
  }

  private static Config config(Path kubeconfig) {
    try {
      return Config.fromKubeconfig(Files.readString(kubeconfig, UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    client.close();
    if (state.isPresent()) {
      control("down");
    }
  }
}
