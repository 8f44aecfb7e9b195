package dev.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.changeover.crds.judge.CustomResourceJudge;
import dev.changeover.crds.judge.Finding;
import dev.changeover.testkit.Goldens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every resource of the corpus, as kubectl and the API server take it. */
@OnApiServer
final class CorpusIT {
  private static final Path CORPUS =
      Path.of(System.getProperty("changeover.basedir"), "crds/src/test/resources/corpus")
          .toAbsolutePath();
  private static final Path GOLDEN =
      Path.of(System.getProperty("basedir"), "src/test/resources/kubectl-apply-corpus.txt");
  private static final int AT_ONCE = 4;

  /** What the API server adds to a finding that stands already. */
  private static final List<String> ECHOES =
      List.of(
          "some validation rules were not checked because the object was invalid",
          "type conversion error from 'string' to 'google.protobuf.Duration' evaluating rule",
          "must be an object for an array of list-type map",
          "Checked value must be of type integer with format int32",
          "ensure CRDs are installed first",
          "Unsupported value: 7");

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private final CustomResourceJudge judge = new CustomResourceJudge();
  private final Cluster cluster;
  private final String namespace;

  CorpusIT(Cluster cluster) {
    this.cluster = cluster;
    this.namespace = cluster.freshNamespace("corpus");
  }

  /** A resource's file, relative to the corpus, and what kubectl said of it. */
  private record Applied(String file, int status, String answer) {
    String transcript() {
      return "$ kubectl %s --dry-run=server -f %s\n%s".formatted(verb(file), file, answer);
    }

    /** The API server tells several findings in any order. */
    static String inOrder(String answer) {
      List<String> lines = answer.lines().toList();
      Stream<String> findings = lines.stream().filter(line -> line.startsWith("* ")).sorted();
      Stream<String> others = lines.stream().filter(line -> !line.startsWith("* "));
      return Stream.concat(others, findings).collect(Collectors.joining("\n", "", "\n"));
    }

    /** What has no name cannot be looked for, as apply does first. */
    static String verb(String file) {
      return file.endsWith("metadata-name-missing.yaml") ? "create" : "apply";
    }

    /** The answer's findings, one a line, without what stands around them. */
    List<String> findings() {
      return answer
          .lines()
          .map(line -> line.replaceFirst("^The \\w+ \"[^\"]*\" is invalid: ?", ""))
          .map(line -> line.replaceFirst("^\\* ", ""))
          .filter(line -> !line.isEmpty() && ECHOES.stream().noneMatch(line::contains))
          .toList();
    }
  }

  @Test
  void theApiServerSaysWhatTheOfflineJudgeSays() throws IOException {
    // When
    List<Applied> applied = new ArrayList<>();
    try (Stream<Path> files = Files.walk(CORPUS)) {
      files
          .filter(file -> file.toString().endsWith(".yaml"))
          .map(file -> CORPUS.relativize(file).toString())
          .sorted()
          .gather(Gatherers.mapConcurrent(AT_ONCE, this::apply))
          .forEach(applied::add);
    }
    // Then
    assertThat(applied.size()).isGreaterThan(190);
    applied.forEach(this::assertJudgedAlike);
    Goldens.compare(
        GOLDEN, applied.stream().map(Applied::transcript).collect(Collectors.joining("\n")));
  }

  /** Applies it in dry run: the same way through the API server, and no two are in each other's. */
  private Applied apply(String file) {
    Command.Result result =
        cluster
            .kubectl(namespace)
            .command(Applied.verb(file), "--dry-run=server", "--filename=" + file)
            .in(CORPUS)
            .run();
    return new Applied(file, result.status(), Applied.inOrder(result.text()));
  }

  private void assertJudgedAlike(Applied applied) {
    List<String> expected =
        judge.judge(resource(applied.file())).stream().map(Finding::text).toList();
    if (expected.isEmpty()) {
      assertThat(applied.status()).as(applied.transcript()).isZero();
      return;
    }
    assertThat(applied.status()).as(applied.transcript()).isNotZero();
    assertThat(applied.answer()).contains(expected);
    assertThat(applied.findings())
        .as(applied.transcript())
        .allSatisfy(
            finding -> assertThat(expected).anySatisfy(text -> assertThat(finding).contains(text)));
  }

  private static JsonNode resource(String file) {
    try {
      return YAML.readTree(CORPUS.resolve(file).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
