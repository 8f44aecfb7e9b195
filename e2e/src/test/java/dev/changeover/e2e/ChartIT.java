package dev.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.changeover.testkit.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The chart as Helm renders it, judged by Helm, Prometheus' tool and a real API server. */
@OnApiServer
final class ChartIT {
  private static final Path RESOURCES =
      Path.of(System.getProperty("basedir", ""), "src/test/resources/chart");
  private static final String MONITORING = "--api-versions=monitoring.coreos.com/v1";
  private static final String EXPECTED = "# expected: ";
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  @TempDir private Path folder;

  @TestFactory
  Stream<DynamicTest> goodValuesPassTheStrictLint() throws IOException {
    return values("good").stream()
        .map(file ->
            DynamicTest.dynamicTest(
                file.getFileName().toString(),
                () ->
                    Helm.run("lint", "--strict", Helm.CHART.toString(), "--values=" + file).ok()));
  }

  @TestFactory
  Stream<DynamicTest> badValuesAreRefusedWithAReason() throws IOException {
    return values("bad").stream()
        .map(file ->
            DynamicTest.dynamicTest(
                file.getFileName().toString(),
                () -> {
                  String expected = Files.readAllLines(file).getFirst();
                  assertThat(expected).startsWith(EXPECTED);
                  Command.Result result = Helm.template("--values=" + file);
                  assertThat(result.status()).isNotZero();
                  assertThat(result.text()).contains(expected.substring(EXPECTED.length()));
                }));
  }

  @TestFactory
  Stream<DynamicTest> rendersWhatIsCommitted() throws IOException {
    return values("good").stream()
        .map(file ->
            DynamicTest.dynamicTest(
                file.getFileName().toString(),
                () ->
                    Goldens.compare(
                        RESOURCES.resolve("rendered").resolve(file.getFileName()),
                        Helm.template("--values=" + file, "--set=crds.enabled=false", MONITORING)
                            .ok())));
  }

  @TestFactory
  Stream<DynamicTest> everyObjectIsOneThatTheApiServerTakes(Cluster cluster) throws IOException {
    Kubectl kubectl = cluster.kubectl("");
    for (String namespace : List.of("changeover", "tenant-a", "tenant-b")) {
      kubectl.run("create", "namespace", namespace);
      cluster.kubectl(namespace).run("create", "serviceaccount", "default"); // no controller does
    }
    return values("good").stream()
        .map(file ->
            DynamicTest.dynamicTest(
                file.getFileName().toString(),
                () -> {
                  String rendered = Helm.template("--values=" + file).ok();
                  kubectl
                      .apply(
                          rendered,
                          "--dry-run=server",
                          "--validate=strict",
                          "--server-side",
                          "--force-conflicts")
                      .ok();
                }));
  }

  @Test
  void selectorsHoldNothingThatAnUpgradeChanges() throws IOException {
    for (String component : List.of("operator", "gateway")) {
      String plain = selector(Helm.template().ok(), component);
      String changed =
          selector(
              Helm.template(
                      "--set=commonLabels.team=platform",
                      "--set=image.tag=9.9.9",
                      "--set=%s.podLabels.tier=one".formatted(component))
                  .ok(),
              component);
      assertThat(changed).isEqualTo(plain);
    }
  }

  @Test
  void alertsFireAndRestWhereTheyAreMeantTo() throws IOException {
    String rendered = Helm.template(MONITORING).ok();
    JsonNode rule = object(rendered, "PrometheusRule", "changeover");
    YAML.writeValue(folder.resolve("alerts.yaml").toFile(), rule.path("spec"));
    Path cases = folder.resolve("alerts.test.yaml");
    Files.copy(RESOURCES.resolve("alerts.test.yaml"), cases);
    String promtool = System.getProperty("promtool", "");
    assertThat(promtool).as("promtool's path: run ./changeover test --all").isNotEmpty();
    Command.of(Path.of(promtool), "check", "rules", "alerts.yaml").in(folder).run().ok();
    Command.of(Path.of(promtool), "test", "rules", "alerts.test.yaml").in(folder).run().ok();
  }

  private static String selector(String rendered, String component) throws IOException {
    return object(rendered, "Deployment", "changeover-" + component)
        .at("/spec/selector")
        .toString();
  }

  private static JsonNode object(String rendered, String kind, String name) throws IOException {
    try (MappingIterator<JsonNode> objects = YAML.readerFor(JsonNode.class).readValues(rendered)) {
      for (JsonNode object : objects.readAll()) {
        if (object.path("kind").asText().equals(kind)
            && object.at("/metadata/name").asText().equals(name)) {
          return object;
        }
      }
    }
    throw new AssertionError("no " + kind + " " + name);
  }

  private static List<Path> values(String kind) throws IOException {
    try (Stream<Path> files = Files.list(RESOURCES.resolve("values").resolve(kind))) {
      List<Path> all = files.sorted().toList();
      assertThat(all).isNotEmpty();
      return all;
    }
  }
}
