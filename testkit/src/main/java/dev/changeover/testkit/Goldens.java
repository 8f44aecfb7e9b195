package dev.changeover.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.opentest4j.AssertionFailedError;

/**
 * Golden folders and golden files: what was produced is compared, as text, with what is committed.
 *
 * <p>A case is a folder {@code <case>/in} with any files and {@code <case>/out} with the expected
 * ones. With {@code -Dgoldens.update=true} the expected files are rewritten and the test fails all
 * the same, so that no unattended build can agree with itself.
 */
public final class Goldens {
  /** The system property that rewrites. */
  static final String UPDATE = "goldens.update";

  private static final String HOW_TO_UPDATE =
      "\nif the new text is right: run again with -Dgoldens.update=true and read the diff";

  private Goldens() {}

  /** The function under test: from a case's input files to the texts by file name. */
  @FunctionalInterface
  public interface Production {
    Map<String, String> produce(GoldenInput input) throws Exception;
  }

  /** One test a case under {@code src/test/resources/<name>}, and one for what was left over. */
  public static Stream<DynamicTest> under(String name, Production production) {
    Path module = Path.of(System.getProperty("basedir", ""));
    return in(module.resolve("src/test/resources").resolve(name), production);
  }

  /** The same for any folder. */
  public static Stream<DynamicTest> in(Path root, Production production) {
    return in(root, production, updating());
  }

  static Stream<DynamicTest> in(Path root, Production production, boolean update) {
    List<GoldenFolder> folders = GoldenFolder.under(root);
    if (folders.isEmpty()) {
      throw new AssertionError("no case under " + root.toAbsolutePath());
    }
    List<String> leftovers = new ArrayList<>(GoldenFolder.straysUnder(root));
    Set<String> finished = new TreeSet<>();
    Stream<DynamicTest> cases =
        folders.stream()
            .map(folder ->
                DynamicTest.dynamicTest(
                    folder.name(),
                    () -> {
                      GoldenInput input = folder.input();
                      Map<String, String> produced = new TreeMap<>(production.produce(input));
                      finished.add(folder.name());
                      leftovers.addAll(leftoversOf(folder, input));
                      settle(folder, produced, update);
                    }));
    DynamicTest last =
        DynamicTest.dynamicTest(
            "no file is left unread", () -> checkLeftovers(leftovers, finished, folders));
    return Stream.concat(cases, Stream.of(last));
  }

  /** Compares one committed file, such as a generated CRD, with what was produced. */
  public static void compare(Path committed, String produced) {
    compare(committed, produced, updating());
  }

  static void compare(Path committed, String produced, boolean update) {
    if (update) {
      try {
        GoldenFolder.write(committed, produced);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      throw new AssertionError("rewrote " + committed + "; read the diff and run without updating");
    }
    if (!Files.isRegularFile(committed)) {
      throw new AssertionFailedError(
          "no committed file " + committed.toAbsolutePath() + HOW_TO_UPDATE);
    }
    sameText(committed.toString(), GoldenFolder.text(committed), produced);
  }

  private static boolean updating() {
    return Boolean.getBoolean(UPDATE);
  }

  private static List<String> leftoversOf(GoldenFolder folder, GoldenInput input) {
    List<String> leftovers = new ArrayList<>();
    folder.strays().forEach(stray -> leftovers.add(folder.name() + "/" + stray));
    input.unread().forEach(unread -> leftovers.add(folder.name() + "/in/" + unread));
    return leftovers;
  }

  private static void settle(GoldenFolder folder, Map<String, String> produced, boolean update) {
    if (update) {
      folder.rewrite(produced);
      throw new AssertionError(
          "rewrote " + folder.out() + "; read the diff and run without updating");
    }
    Set<String> expected = GoldenFolder.namesIn(folder.out());
    if (!expected.equals(produced.keySet())) {
      throw new AssertionFailedError(
          folder.name() + ": other files than expected were produced" + HOW_TO_UPDATE,
          expected,
          produced.keySet());
    }
    produced.forEach((name, text) ->
        sameText(
            folder.name() + "/out/" + name, GoldenFolder.text(folder.out().resolve(name)), text));
  }

  private static void checkLeftovers(
      List<String> leftovers, Set<String> finished, List<GoldenFolder> folders) {
    if (finished.size() < folders.size()) {
      throw new AssertionError("only these cases came to an end: " + finished);
    }
    if (!leftovers.isEmpty()) {
      throw new AssertionError("nobody read " + String.join(", ", leftovers));
    }
  }

  private static void sameText(String name, String expected, String produced) {
    if (expected.equals(produced)) {
      return;
    }
    List<String> expectedLines = expected.lines().toList();
    List<String> producedLines = produced.lines().toList();
    int line = 0;
    while (lineAt(expectedLines, line).equals(lineAt(producedLines, line))
        && line < Math.max(expectedLines.size(), producedLines.size())) {
      line++;
    }
    throw new AssertionFailedError(
        "%s differs at line %d%nexpected: %s%nproduced: %s%s"
            .formatted(
                name,
                line + 1,
                lineAt(expectedLines, line),
                lineAt(producedLines, line),
                HOW_TO_UPDATE),
        expected,
        produced);
  }

  private static String lineAt(List<String> lines, int index) {
    return index < lines.size() ? lines.get(index) : "(end of file)";
  }
}
