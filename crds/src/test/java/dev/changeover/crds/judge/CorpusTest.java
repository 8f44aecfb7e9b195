package dev.changeover.crds.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.changeover.crds.LlmProvider;
import dev.changeover.crds.LlmRoute;
import dev.changeover.crds.ResourceDefinition;
import dev.changeover.crds.SpecReading;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Resources as files: the valid ones, and the invalid ones with everything that the API server says
 * of them, one comment line {@code # expect:} a finding.
 */
final class CorpusTest {

  private static final Path CORPUS =
      Path.of(System.getProperty("basedir", ""), "src/test/resources/corpus");
  private static final String EXPECT = "# expect: ";
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();
  private static final CustomResourceJudge JUDGE = new CustomResourceJudge();

  @TestFactory
  Stream<DynamicTest> validResourcesAreAccepted() throws IOException {
    return files("valid").stream()
        .map(file ->
            DynamicTest.dynamicTest(
                name(file), () -> assertThat(JUDGE.judge(read(file))).isEmpty()));
  }

  @TestFactory
  Stream<DynamicTest> invalidResourcesAreRefusedInTheWordsExpected() throws IOException {
    return files("invalid").stream()
        .map(file ->
            DynamicTest.dynamicTest(
                name(file),
                () ->
                    assertThat(JUDGE.judge(read(file)))
                        .extracting(Finding::text)
                        .isNotEmpty()
                        .containsExactlyInAnyOrderElementsOf(expected(file))));
  }

  /** The constructors and the CRD must not disagree about what an absent field means. */
  @TestFactory
  Stream<DynamicTest> boundSpecsHaveTheDefaultsOfTheSchema() throws IOException {
    return files("valid").stream()
        .map(file ->
            DynamicTest.dynamicTest(
                name(file),
                () -> {
                  // Given
                  JsonNode resource = read(file);
                  CustomResource<?, ?> bound =
                      SERIALIZATION.unmarshal(resource.toString(), type(resource));
                  // When
                  JsonNode byConstructors = YAML.readTree(SERIALIZATION.asJson(bound));
                  JsonNode bySchema = CustomResourceDefaults.applied(resource);
                  // Then
                  assertThat(reading(bound)).isInstanceOf(SpecReading.Bound.class);
                  assertThat(wholeNumbersAlike(byConstructors.path("spec")))
                      .isEqualTo(wholeNumbersAlike(bySchema.path("spec")));
                }));
  }

  @Test
  void everyConstraintOfBothSpecsHasAnInvalidCase() throws IOException {
    // Given
    Set<String> broken = new TreeSet<>();
    for (Path file : files("invalid")) {
      JsonNode resource = read(file);
      String kind = resource.path("kind").asText();
      JUDGE.judge(resource).forEach(finding -> broken.add(kind + " " + anyKey(finding)));
    }
    // When
    Set<String> constraints = new TreeSet<>();
    for (ResourceDefinition definition : ResourceDefinition.all()) {
      Constraints.of(definition.schema().path("properties").path("spec"), "spec")
          .forEach(constraint -> constraints.add(definition.kind() + " " + constraint));
    }
    // Then
    assertThat(constraints).hasSizeGreaterThan(120);
    assertThat(broken).containsAll(constraints);
  }

  private static String anyKey(Finding finding) {
    return finding
        .constraint()
        .replaceFirst("^(spec\\.(?:headers|alerts\\.labels))\\.\\S+", "$1{}");
  }

  /** 2 and 2.0 are one number in JSON, two in a tree of Jackson's. */
  private static JsonNode wholeNumbersAlike(JsonNode node) throws IOException {
    return YAML.readTree(node.toString().replaceAll("(:-?[0-9]+)\\.0([,}])", "$1$2"));
  }

  private static SpecReading<?> reading(CustomResource<?, ?> resource) {
    return switch (resource) {
      case LlmProvider provider -> provider.reading();
      case LlmRoute route -> route.reading();
      default -> throw new AssertionError(resource);
    };
  }

  private static Class<? extends CustomResource<?, ?>> type(JsonNode resource) {
    return resource.path("kind").asText().equals("LlmRoute") ? LlmRoute.class : LlmProvider.class;
  }

  private static List<Path> files(String validity) throws IOException {
    try (Stream<Path> files = Files.walk(CORPUS.resolve(validity))) {
      List<Path> sorted = files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
      assertThat(sorted).hasSizeGreaterThan(25);
      return sorted;
    }
  }

  private static String name(Path file) {
    return CORPUS.relativize(file).toString();
  }

  private static JsonNode read(Path file) throws IOException {
    return YAML.readTree(Files.readString(file));
  }

  private static List<String> expected(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith(EXPECT))
        .map(line -> line.substring(EXPECT.length()))
        .toList();
  }
}
