package dev.changeover.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

final class GoldensTest {
  private static final boolean COMPARE = false;
  private static final boolean UPDATE = true;

  @TempDir Path root;

  @TestFactory
  Stream<DynamicTest> committedFoldersAreCompared() {
    return Goldens.under("shout", GoldensTest::shout);
  }

  @Test
  void whatIsAsExpectedPasses() throws IOException {
    write("case/in/a.txt", "hello");
    write("case/out/a.txt", "HELLO");
    assertThat(failures(COMPARE)).isEmpty();
  }

  @Test
  void aDifferenceNamesFileLineAndBothTexts() throws IOException {
    write("case/in/a.txt", "hello\nworld\n");
    write("case/out/a.txt", "HELLO\nMOON\n");
    assertThat(failures(COMPARE))
        .singleElement()
        .asString()
        .contains("case/out/a.txt differs at line 2", "expected: MOON", "produced: WORLD")
        .contains("-Dgoldens.update=true");
  }

  @Test
  void aMissingLineEndIsADifference() throws IOException {
    write("case/in/a.txt", "hello\n");
    write("case/out/a.txt", "HELLO");
    assertThat(failures(COMPARE)).hasSize(1);
  }

  @Test
  void anExpectedFileThatWasNotProducedFails() throws IOException {
    write("case/in/a.txt", "hello");
    write("case/out/a.txt", "HELLO");
    write("case/out/b.txt", "HELLO");
    assertThat(failures(COMPARE)).singleElement().asString().contains("other files");
  }

  @Test
  void aFileThatNobodyReadFailsTheLastTest() throws IOException {
    write("case/in/a.txt", "hello");
    write("case/in/notes.md", "hello");
    write("case/out/a.txt", "HELLO");
    write("case/other/a.txt", "HELLO");
    write("stray.txt", "HELLO");
    assertThat(failures(COMPARE))
        .singleElement()
        .asString()
        .contains("case/in/notes.md", "case/other", "stray.txt");
  }

  @Test
  void aCaseThatThrowsFailsTheLastTestToo() throws IOException {
    write("case/in/b.md", "hello");
    assertThat(failures(COMPARE, _ -> Map.of("", readsWhatIsNotThere())))
        .hasSize(2)
        .last()
        .asString()
        .contains("only these cases came to an end: []");
  }

  @Test
  void updatingRewritesAndFailsAllTheSame() throws IOException {
    write("case/in/a.txt", "hello");
    write("case/out/a.txt", "HELLO");
    write("case/out/old.txt", "HELLO");
    assertThat(failures(UPDATE)).singleElement().asString().contains("rewrote");
    assertThat(root.resolve("case/out/old.txt")).doesNotExist();
    assertThat(failures(COMPARE)).isEmpty();
  }

  @Test
  void noCaseAtAllFails() {
    assertThatThrownBy(() -> failures(COMPARE)).hasMessageContaining("no case under");
  }

  @Test
  void aCommittedFileIsComparedAndRewrittenTheSameWay() throws IOException {
    Path committed = root.resolve("crd/llm.yaml");
    assertThatThrownBy(() -> Goldens.compare(committed, "a: 1\n", COMPARE))
        .hasMessageContaining("no committed file");
    assertThatThrownBy(() -> Goldens.compare(committed, "a: 1\n", UPDATE))
        .hasMessageContaining("rewrote");
    Goldens.compare(committed, "a: 1\n", COMPARE);
    assertThatThrownBy(() -> Goldens.compare(committed, "a: 2\n", COMPARE))
        .hasMessageContaining("differs at line 1");
  }

  private List<String> failures(boolean update) {
    return failures(update, GoldensTest::shout);
  }

  private List<String> failures(boolean update, Goldens.Production production) {
    List<String> failures = new ArrayList<>();
    for (DynamicTest test : Goldens.in(root, production, update).toList()) {
      try {
        test.getExecutable().execute();
      } catch (Throwable failure) {
        failures.add(String.valueOf(failure.getMessage()));
      }
    }
    return failures;
  }

  private static Map<String, String> shout(GoldenInput input) {
    Map<String, String> produced = new TreeMap<>();
    input
        .readAll(".txt")
        .forEach((name, text) -> produced.put(name, text.toUpperCase(Locale.ROOT)));
    return produced;
  }

  private static String readsWhatIsNotThere() {
    throw new IllegalStateException("broken on purpose");
  }

  private void write(String name, String text) throws IOException {
    GoldenFolder.write(root.resolve(name), text);
  }
}
