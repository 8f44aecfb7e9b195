package dev.changeover.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What cannot start says so in one sentence, and ends with status 2. */
class RefusalTest {
  private static final String PROVIDER =
      """
      apiVersion: changeover.dev/v1alpha1
      kind: LlmProvider
      metadata: {name: anthropic}
      spec:
        type: Anthropic
        credentials: [{name: main, secretKeyRef: {name: keys, key: k}}]
      """;

  @TempDir Path folder;

  record Case(String sentence, String file, List<String> arguments, String expected) {}

  @TestFactory
  Stream<DynamicTest> refusals() throws IOException {
    Path file = folder.resolve("r.yaml");
    return Stream.of(
            new Case("no command", "", List.of(), "Missing required subcommand"),
            new Case("an unknown command", "", List.of("serve"), "Unmatched argument"),
            new Case("no file", "", List.of("local"), "Missing required option: '--file=FILE|DIR'"),
            new Case(
                "a port that is a word",
                PROVIDER,
                List.of("local", "-f", "FILE", "--port", "http"),
                "Invalid value for option '--port'"),
            new Case(
                "a port that does not exist",
                PROVIDER,
                List.of("local", "-f", "FILE", "--port", "70000"),
                "there is no port 70000: give another --port"),
            new Case(
                "no gateways",
                PROVIDER,
                List.of("local", "-f", "FILE", "--gateways", "0"),
                "give --gateways from 1 to 16"),
            new Case(
                "one port for two",
                PROVIDER,
                List.of("local", "-f", "FILE", "--port", "48080", "--operator-port", "48081"),
                "port 48081 is meant for a gateway already"),
            new Case(
                "a file that is not there",
                "",
                List.of("local", "-f", "/nowhere.yaml"),
                "/nowhere.yaml cannot be read: check that it exists"),
            new Case(
                "a variable that is not set",
                "{kind: Secret, metadata: {name: k}, stringData: {a: \"${MY_API_KEY}\"}}",
                List.of("local", "-f", "FILE"),
                "needs the environment variable MY_API_KEY: export it"),
            new Case(
                "a field that does not exist",
                PROVIDER + "  colour: red\n",
                List.of("local", "-f", "FILE"),
                "LlmProvider default/anthropic is refused: unknown field \"spec.colour\""),
            new Case(
                "a value that is not allowed",
                PROVIDER.replace("type: Anthropic", "type: Acme"),
                List.of("local", "-f", "FILE"),
                "spec.type: Unsupported value: \"Acme\""),
            new Case(
                "a rule that is broken",
                PROVIDER + "  baseUrl: https://api.anthropic.com/?q=1\n",
                List.of("local", "-f", "FILE"),
                "baseUrl must not have a query or a fragment"),
            new Case(
                "a version that does not exist",
                PROVIDER.replace("v1alpha1", "v9"),
                List.of("local", "-f", "FILE"),
                "is refused: no matches for kind"),
            new Case(
                "something that is not here",
                "",
                List.of("get", "pods"),
                "there is nothing called"),
            new Case(
                "an output that does not exist",
                "",
                List.of("get", "llmp", "-o", "json"),
                "give -o wide or -o yaml"),
            new Case(
                "nobody to ask",
                "",
                List.of("get", "llmp", "--operator-port", "1"),
                "no `changeover local` runs with operator port 1: start one"),
            new Case(
                "a failover that is neither on nor off",
                "",
                List.of("demo", "--failover", "maybe"),
                "Invalid value for option '--failover'"),
            new Case(
                "a demo of nothing", "", List.of("demo", "--requests", "1"), "give --requests"))
        .map(row ->
            DynamicTest.dynamicTest(
                row.sentence(),
                () -> {
                  Files.writeString(file, row.file());
                  String[] arguments =
                      row.arguments().stream()
                          .map(word -> word.equals("FILE") ? file.toString() : word)
                          .toArray(String[]::new);
                  CommandLineRun run =
                      CommandLineRun.of(Map.of("XDG_STATE_HOME", folder.toString()), arguments);
                  assertThat(run.status()).isEqualTo(2);
                  assertThat(run.err()).startsWith("changeover: ").contains(row.expected());
                  assertThat(run.err().strip().lines()).hasSize(1);
                  assertThat(run.out()).isEmpty();
                }));
  }

  @Test
  void aPortInUseIsNamedWithItsOption() throws IOException {
    Path file = Files.writeString(folder.resolve("r.yaml"), PROVIDER);
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      for (List<String> arguments :
          List.of(
              List.of("local", "-f", file.toString(), "--port", port),
              List.of("local", "-f", file.toString(), "--port", "0", "--operator-port", port),
              List.of("simulate", "--anthropic-port", port))) {
        CommandLineRun run =
            CommandLineRun.of(
                Map.of("XDG_STATE_HOME", folder.toString()), arguments.toArray(String[]::new));
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err())
            .isEqualTo(
                "changeover: port %s is in use: stop what listens there, or give another %s\n"
                    .formatted(port, arguments.get(arguments.size() - 2)));
      }
    }
  }
}
