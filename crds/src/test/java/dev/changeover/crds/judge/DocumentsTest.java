package dev.changeover.crds.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.changeover.crds.ResourceDefinition;
import dev.changeover.testkit.Markdown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What the pages show and name: YAML that parses, resources that would be stored, links that lead
 * somewhere, commands that there are.
 *
 * <p>A block that begins with {@code ```yaml invalid} shows a mistake, and has to be refused.
 */
final class DocumentsTest {
  private static final Path ROOT =
      Path.of(System.getProperty("changeover.basedir", "..")).toAbsolutePath().normalize();
  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());
  private static final Pattern COMMAND = Pattern.compile("(?m)^\\s*\\./changeover +([a-z]+)");
  private static final Pattern COMMAND_OF_LAUNCHER = Pattern.compile("(?m)^  ([a-z]+) ");
  private static final Pattern WORDS_IN_CODE = Pattern.compile("`([A-Za-z.]+)[^`]*`");
  private static final Pattern WEB = Pattern.compile("(https?|mailto):.*");
  private static final CustomResourceJudge JUDGE = new CustomResourceJudge();
  private static final List<Markdown> PAGES = Markdown.under(ROOT);

  @TestFactory
  Stream<DynamicTest> yamlParsesAndResourcesWouldBeStored() {
    assertThat(PAGES).hasSizeGreaterThan(20);
    return PAGES.stream()
        .flatMap(page ->
            page.blocks().stream()
                .filter(block -> block.info().matches("(yaml|yml|json)( .*)?"))
                .map(block ->
                    DynamicTest.dynamicTest(
                        ROOT.relativize(page.path()) + ":" + block.line(),
                        () -> judge(block.text(), block.info().endsWith(" invalid")))));
  }

  @TestFactory
  Stream<DynamicTest> examplesWouldBeStored() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT.resolve("examples"))) {
      List<Path> examples = files.filter(file -> file.toString().endsWith(".yaml")).toList();
      assertThat(examples).isNotEmpty();
      return examples.stream()
          .map(file ->
              DynamicTest.dynamicTest(
                  ROOT.relativize(file).toString(), () -> judge(Files.readString(file), false)));
    }
  }

  private static void judge(String text, boolean mistaken) throws IOException {
    List<String> findings = new ArrayList<>();
    int documents = 0;
    try (MappingIterator<JsonNode> read = YAML.readerFor(JsonNode.class).readValues(text)) {
      while (read.hasNext()) {
        JsonNode document = read.next();
        documents++;
        if (document.path("apiVersion").asText().startsWith(ResourceDefinition.GROUP + "/")) {
          JUDGE.judge(document).forEach(finding -> findings.add(finding.text()));
        }
      }
    }
    assertThat(documents).isPositive();
    assertThat(findings.isEmpty()).as("%s", findings).isNotEqualTo(mistaken);
  }

  @Test
  void everyLinkLeadsSomewhere() {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Markdown page : PAGES) {
      for (String link : page.links()) {
        links++;
        if (!WEB.matcher(link).matches() && !leadsSomewhere(page, link)) {
          broken.add(ROOT.relativize(page.path()) + ": " + link);
        }
      }
    }
    assertThat(links).isGreaterThan(50);
    assertThat(broken).isEmpty();
  }

  private static boolean leadsSomewhere(Markdown page, String link) {
    int hash = link.indexOf('#');
    String file = hash < 0 ? link : link.substring(0, hash);
    Path target = page.path().resolveSibling(file).normalize();
    if (file.isEmpty()) {
      target = page.path();
    }
    boolean there = target.startsWith(ROOT) && Files.exists(target);
    return there
        && (hash < 0 || Markdown.read(target).anchors().contains(link.substring(hash + 1)));
  }

  @Test
  void everyCommandShownIsACommandOfTheLauncher() throws IOException {
    // Given
    Set<String> commands =
        matches(COMMAND_OF_LAUNCHER, Files.readString(ROOT.resolve("changeover")))
            .collect(Collectors.toSet());
    // When
    Set<String> shown =
        PAGES.stream()
            .flatMap(page -> page.blocks().stream())
            .filter(block -> block.info().equals("sh"))
            .flatMap(block -> matches(COMMAND, block.text()))
            .collect(Collectors.toSet());
    // Then
    assertThat(shown).contains("demo", "local", "get").isSubsetOf(commands);
  }

  @Test
  void everyValueNamedIsAValueOfTheChart() throws IOException {
    // Given
    JsonNode values = YAML.readTree(Files.readString(ROOT.resolve("helm/changeover/values.yaml")));
    // When
    List<String> named =
        PAGES.stream()
            .filter(page -> page.path().toString().matches(".*/docs/(install|upgrade)[.]md"))
            .flatMap(page -> matches(WORDS_IN_CODE, page.prose()))
            .filter(words -> values.has(words.replaceFirst("[.].*", "")) && words.contains("."))
            .toList();
    // Then
    assertThat(named).contains("image.registry", "gateway.drain.streams");
    assertThat(named).allMatch(words -> !values.at("/" + words.replace('.', '/')).isMissingNode());
  }

  private static Stream<String> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(found -> found.group(1));
  }
}
