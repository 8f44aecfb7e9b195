package dev.changeover.local.resources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.local.resources.ResourceReading.Accepted;
import dev.changeover.local.resources.ResourceReading.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class ResourceFilesTest {
  private static final ResourceFiles FILES =
      new ResourceFiles(
          name -> Optional.ofNullable(Map.of("KEY", "sk-canary", "EMPTY", "").get(name)),
          resource ->
              resource.path("spec").has("bad") ? List.of("spec.bad: take it out") : List.of());

  @TempDir Path folder;

  @Test
  void documentsListsAndFilesOfAFolderAreReadSecretsFirst() throws IOException {
    // Given
    Files.writeString(
        folder.resolve("b.yaml"),
        """
        kind: LlmRoute
        metadata: {name: assistant}
        ---
        kind: LlmProvider
        metadata: {name: anthropic, namespace: team}
        """);
    Files.writeString(
        folder.resolve("a.json"),
        """
        {"kind":"List","items":[{"kind":"Secret","metadata":{"name":"keys"},
         "stringData":{"key":"${KEY}","text":"costs $5"}}]}
        """);
    Files.writeString(folder.resolve("notes.txt"), "no resource");
    // When
    ResourceReading reading = FILES.read(folder);
    // Then
    assertThat(((Accepted) reading).resources())
        .extracting(Resource::toString)
        .containsExactly(
            "Secret default/keys", "LlmProvider team/anthropic", "LlmRoute default/assistant");
    assertThat(((Accepted) reading).resources().getFirst().json().path("data").toString())
        .isEqualTo("{\"key\":\"c2stY2FuYXJ5\",\"text\":\"Y29zdHMgJDU=\"}");
  }

  record Case(String sentence, String text, String expected) {
    @Override
    public String toString() {
      return sentence;
    }
  }

  @TestFactory
  Stream<DynamicTest> refusalsSayWhatToDo() {
    return Stream.of(
            new Case(
                "a variable that is not set",
                "{kind: Secret, metadata: {name: k}, stringData: {a: \"${NOWHERE}\"}}",
                "Secret default/k needs the environment variable NOWHERE: export it and start"
                    + " again"),
            new Case(
                "a variable that is empty",
                "{kind: Secret, metadata: {name: k}, stringData: {a: \"${EMPTY}\"}}",
                "needs the environment variable EMPTY"),
            new Case(
                "a foreign kind", "{kind: Pod, metadata: {name: p}}", "kind 'Pod' is not taken"),
            new Case("no name", "{kind: LlmRoute}", "has no metadata.name: give it one"),
            new Case("broken YAML", "kind: LlmRoute\n  x: [", "no readable YAML or JSON at line"),
            new Case("text", "hello", "no resource"),
            new Case(
                "a resource that the schema refuses",
                "{kind: LlmRoute, metadata: {name: r}, spec: {bad: 1}}",
                "LlmRoute default/r is refused: spec.bad: take it out"),
            new Case(
                "one resource twice",
                "{kind: LlmRoute, metadata: {name: r}}\n---\n{kind: LlmRoute, metadata: {name: r}}",
                "given twice: LlmRoute default/r"))
        .map(row ->
            DynamicTest.dynamicTest(
                row.sentence(),
                () -> {
                  Path file = Files.writeString(folder.resolve("one.yaml"), row.text());
                  ResourceReading reading = FILES.read(file);
                  assertThat(((Refused) reading).sentence())
                      .contains(row.expected())
                      .doesNotContain("canary");
                }));
  }

  @Test
  void aMissingFileAndAnEmptyFolderAreRefused() {
    assertThat(FILES.read(folder.resolve("nowhere.yaml"))).isInstanceOf(Refused.class);
    assertThat(FILES.read(folder)).isInstanceOf(Refused.class);
  }
}
