package dev.changeover.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.gateway.GatewayMain;
import dev.changeover.local.cluster.EmbeddedApiServer;
import dev.changeover.operator.OperatorMain;
import dev.changeover.testkit.process.JavaProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a process says that cannot start: one sentence on its error output, exit status 2. */
final class ArgumentsIT {
  private static final int USAGE = 2;

  @TempDir private Path folder;

  /** A command line, and words of the sentence that it is answered with. */
  record Case(String sentence, Class<?> main, List<String> arguments, List<String> words) {
    @Override
    public String toString() {
      return sentence;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case(
            "a gateway with neither folder nor operator",
            GatewayMain.class,
            List.of(),
            List.of("--config", "operator")),
        new Case(
            "a gateway on a folder that is not there",
            GatewayMain.class,
            List.of("--config=/nonexistent/config"),
            List.of("/nonexistent/config")),
        new Case(
            "a gateway with an option that there is not",
            GatewayMain.class,
            List.of("--confg=/tmp"),
            List.of("--confg")),
        new Case(
            "a gateway with a port that is no number",
            GatewayMain.class,
            List.of("--port=many"),
            List.of("--port", "many")),
        new Case(
            "an operator with a kubeconfig that is not there",
            OperatorMain.class,
            List.of("--kubeconfig=/nonexistent/kubeconfig"),
            List.of("/nonexistent/kubeconfig")),
        new Case(
            "an operator with an option that there is not",
            OperatorMain.class,
            List.of("--kubconfig=/tmp"),
            List.of("--kubconfig")));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isAnsweredInOneSentence(Case given) {
    assertRefused(given.main(), given.arguments(), given.words());
  }

  @Test
  void aPortInUseIsNamed() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      assertRefused(
          GatewayMain.class,
          List.of("--config=" + folder, "--port=" + port, "--metrics-port=0"),
          List.of(port));
    }
  }

  @Test
  void anOperatorsPortInUseIsNamed() throws IOException {
    try (var server = EmbeddedApiServer.start();
        var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Path kubeconfig = folder.resolve("kubeconfig");
      Files.writeString(
          kubeconfig,
          """
          apiVersion: v1
          kind: Config
          current-context: here
          clusters: [{name: here, cluster: {server: "%s"}}]
          users: [{name: operator, user: {token: "%s"}}]
          contexts: [{name: here, context: {cluster: here, user: operator}}]
          """
              .formatted(server.config().getMasterUrl(), server.config().getOauthToken()));
      String port = Integer.toString(taken.getLocalPort());
      assertRefused(
          OperatorMain.class,
          List.of("--kubeconfig=" + kubeconfig, "--control-port=" + port, "--metrics-port=0"),
          List.of(port, "--control-port"));
      assertRefused(
          OperatorMain.class,
          List.of("--kubeconfig=" + kubeconfig, "--control-port=0", "--metrics-port=" + port),
          List.of(port, "--metrics-port"));
    }
  }

  @Test
  void anApiServerThatNobodyAnswersForIsNamed() throws IOException {
    Path kubeconfig = folder.resolve("kubeconfig");
    Files.writeString(
        kubeconfig,
        """
        apiVersion: v1
        kind: Config
        current-context: gone
        clusters: [{name: gone, cluster: {server: "http://127.0.0.1:9"}}]
        users: [{name: nobody, user: {}}]
        contexts: [{name: gone, context: {cluster: gone, user: nobody}}]
        """);
    assertRefused(
        OperatorMain.class,
        List.of("--kubeconfig=" + kubeconfig, "--control-port=0", "--metrics-port=0"),
        List.of("127.0.0.1:9"));
  }

  private void assertRefused(Class<?> main, List<String> arguments, List<String> words) {
    try (JavaProcess process =
        JavaProcess.start(new JavaProcess.Program("refused", main, Map.of(), folder), arguments)) {
      assertThat(process.exit()).as(process.written()).isEqualTo(USAGE);
      assertThat(process.errors()).contains(words).doesNotContain("\tat ", "Exception");
      assertThat(process.errors().strip().lines()).hasSize(1);
    }
  }
}
