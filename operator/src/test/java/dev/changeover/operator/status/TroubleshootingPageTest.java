package dev.changeover.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.contract.Reason;
import dev.changeover.operator.model.ConditionType;
import dev.changeover.operator.model.Problem;
import dev.changeover.testkit.Markdown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page {@code docs/troubleshooting.md} explains every word that a status or Event can have. */
final class TroubleshootingPageTest {
  private static final Path ROOT = Path.of(System.getProperty("changeover.basedir", ".."));
  private static final Path CODE =
      ROOT.resolve("operator/src/main/java/dev/changeover/operator/status");
  private static final Pattern WORD_IN_CODE = Pattern.compile("\"([A-Z][A-Za-z]+)\"");
  private static final Pattern FIRST_CELL = Pattern.compile("(?m)^\\| (`[^|]*`) \\|");
  private static final Pattern WORD_IN_CELL = Pattern.compile("`(\\w+)`");

  /**
   * Words that no condition, state or Event has: values of conditions, scopes, states of targets.
   */
  private static final Set<String> OTHER =
      Set.of("True", "False", "Held", "Provider", "Credential", "Model");

  private final Markdown page = Markdown.read(ROOT.resolve("docs/troubleshooting.md"));

  @Test
  void everyConditionAndEveryReasonOfATroubleHasASection() {
    Stream<String> conditions = Arrays.stream(ConditionType.values()).map(ConditionType::word);
    Stream<String> problems = Arrays.stream(Problem.Reason.values()).map(Problem.Reason::word);
    Stream<String> holds =
        Arrays.stream(Reason.values())
            .filter(reason -> reason.certainty() != Reason.Certainty.NONE)
            .map(Reason::word);
    assertThat(page.headings())
        .containsAll(Stream.of(conditions, problems, holds).flatMap(words -> words).toList());
  }

  @Test
  void everyWordOfTheCodeIsExplained() throws IOException {
    // Given
    Set<String> explained = new TreeSet<>(page.headings());
    matches(FIRST_CELL, page.prose())
        .forEach(cell -> matches(WORD_IN_CELL, cell).forEach(explained::add));
    // When
    Set<String> words = new TreeSet<>();
    try (Stream<Path> files = Files.list(CODE)) {
      for (Path file : files.toList()) {
        matches(WORD_IN_CODE, Files.readString(file)).forEach(words::add);
      }
    }
    Arrays.stream(Reason.values()).map(Reason::word).forEach(words::add);
    // Then
    assertThat(words).hasSizeGreaterThan(50).contains("PartiallyApplied", "HoldCleared");
    words.removeAll(OTHER);
    assertThat(explained).containsAll(words);
  }

  private static List<String> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(found -> found.group(1)).toList();
  }
}
