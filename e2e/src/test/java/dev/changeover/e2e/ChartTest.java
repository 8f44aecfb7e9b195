package dev.changeover.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.changeover.crds.ResourceDefinition;
import dev.changeover.testkit.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What of the chart can be judged without Helm. */
final class ChartTest {
  private static final String TABLE_BEGINS =
      "<!-- written from values.yaml by ChartTest: change that, and run the test with"
          + " -Dgoldens.update=true -->\n";
  private static final String TABLE_ENDS = "<!-- end -->\n";

  @Test
  void definitionsAreThoseOfTheOperator() throws IOException {
    Path folder = Helm.CHART.resolve("files/crds");
    for (ResourceDefinition definition : ResourceDefinition.all()) {
      Goldens.compare(
          folder.resolve(definition.plural() + "." + ResourceDefinition.GROUP + ".yaml"),
          definition.yaml());
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSameSizeAs(ResourceDefinition.all());
    }
  }

  @Test
  void readmeListsEveryValue() throws IOException {
    Path readme = Helm.CHART.resolve("README.md");
    String text = Files.readString(readme, UTF_8);
    String before = text.substring(0, text.indexOf(TABLE_BEGINS) + TABLE_BEGINS.length());
    String after = text.substring(text.indexOf(TABLE_ENDS));
    String table = ChartValues.table(Files.readString(Helm.CHART.resolve("values.yaml"), UTF_8));
    Goldens.compare(readme, before + table + after);
  }

  @Test
  void chartHasTheProjectsVersion() throws IOException {
    JsonNode chart =
        new ObjectMapper(new YAMLFactory()).readTree(Helm.CHART.resolve("Chart.yaml").toFile());
    String pom = Files.readString(Helm.CHART.resolve("../../pom.xml"), UTF_8);
    assertThat(pom)
        .contains(
            "<artifactId>changeover</artifactId>\n  <version>%s</version>"
                .formatted(chart.path("version").asText()));
    assertThat(chart.path("appVersion")).isEqualTo(chart.path("version"));
  }
}
