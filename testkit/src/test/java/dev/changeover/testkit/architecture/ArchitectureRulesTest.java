package dev.changeover.testkit.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each rule is shown to fail, on fixtures that break it on purpose. */
final class ArchitectureRulesTest {
  private static final String ROOT = "dev.changeover.testkit.architecture.bad";
  private static final JavaClasses BAD = new ClassFileImporter().importPackages(ROOT);
  private static final ArchitectureRules RULES =
      ArchitectureRules.of(ROOT)
          .layer("upper", "lower")
          .layer("lower")
          .layer("loop")
          .layer("absent", "upper");

  @Test
  void anArrowThatIsNotInTheLineIsFound() {
    assertThat(subjectsAndSentences(RULES, Rule.LAYERS))
        .contains("lower.Lower: " + ROOT + ".lower.Lower may not use " + ROOT + ".loop.one.One");
  }

  @Test
  void aUserOfAMainClassIsFound() {
    assertThat(subjectsAndSentences(RULES, Rule.LAYERS))
        .contains("lower.Lower: " + ROOT + ".lower.Lower uses main " + ROOT + ".CourseMain");
  }

  @Test
  void aPackageWithoutALineIsFound() {
    assertThat(subjectsAndSentences(RULES, Rule.LAYERS))
        .contains("unmarked.NameUtil: " + ROOT + ".unmarked.NameUtil package unmarked has no line");
  }

  @Test
  void anArrowWithAReasonIsAllowed() {
    ArchitectureRules wider =
        RULES.arrow("lower", "loop", "the fixture needs it").layer("unmarked");
    assertThat(wider.violations(Rule.LAYERS, BAD, 0, loader()))
        .extracting(Violation::sentence)
        .containsExactly(ROOT + ".lower.Lower uses main " + ROOT + ".CourseMain");
  }

  @Test
  void aCycleOfPackagesIsFound() {
    assertThat(RULES.violations(Rule.CYCLES, BAD, 0, loader()))
        .singleElement()
        .extracting(Violation::sentence)
        .asString()
        .contains("loop.one", "loop.two");
  }

  @Test
  void aPackageThatIsNotNullMarkedIsFound() {
    assertThat(subjects(RULES, Rule.NULL_MARKED)).containsExactly("unmarked");
  }

  @Test
  void aForbiddenNameEndingIsFound() {
    assertThat(subjects(RULES, Rule.NAME_ENDINGS)).containsExactly("unmarked.NameUtil");
  }

  @Test
  void aPublicTypeThatNobodyUsesIsFound() {
    assertThat(subjects(RULES, Rule.PUBLIC_TYPES)).containsExactly("upper.Upper");
  }

  @Test
  void aLibraryOutsideItsPlacesIsFound() {
    assertThat(subjects(RULES.confine("java.time", "a fixture", "upper"), Rule.CONFINEMENTS))
        .containsExactly("unmarked.NameUtil");
    assertThat(subjects(RULES.confine("java.time", "a fixture", "unmarked"), Rule.CONFINEMENTS))
        .isEmpty();
    assertThat(
            subjects(
                RULES.confine("java.time", "a fixture", "unmarked.NameUtil"), Rule.CONFINEMENTS))
        .isEmpty();
  }

  @Test
  void everyForbiddenCallIsFoundOutsideMainClasses() {
    assertThat(RULES.violations(Rule.FORBIDDEN_CALLS, BAD, 0, loader()))
        .extracting(Violation::sentence)
        .containsExactlyInAnyOrder(
            ROOT + ".unmarked.NameUtil uses java.time.Instant.now",
            ROOT + ".unmarked.NameUtil uses java.lang.System.nanoTime",
            ROOT + ".unmarked.NameUtil uses java.lang.System.currentTimeMillis",
            ROOT + ".unmarked.NameUtil uses java.lang.System.out",
            ROOT + ".unmarked.NameUtil uses java.lang.Math.random",
            ROOT + ".unmarked.NameUtil uses java.lang.Thread.sleep");
  }

  @Test
  void mockitoOnTheClassPathIsFound() {
    var withMockito =
        new ClassLoader(loader()) {
          @Override
          public @Nullable URL getResource(String name) {
            return name.equals("org/mockito/Mockito.class") ? anyUrl() : super.getResource(name);
          }
        };
    assertThat(RULES.violations(Rule.MOCKITO, BAD, 0, withMockito)).hasSize(1);
    assertThat(RULES.violations(Rule.MOCKITO, BAD, 0, loader())).isEmpty();
  }

  @Test
  void tooFewClassesAreFound() {
    assertThat(RULES.violations(Rule.FLOOR, BAD, 7, loader())).hasSize(1);
    assertThat(RULES.violations(Rule.FLOOR, BAD, 6, loader())).isEmpty();
  }

  @Test
  void anExemptionCoversItsSubjectOnly() {
    assertThat(subjects(RULES.exempt(Rule.PUBLIC_TYPES, "upper", "the fixture"), Rule.PUBLIC_TYPES))
        .isEmpty();
    assertThat(subjects(RULES.exempt(Rule.PUBLIC_TYPES, "up", "the fixture"), Rule.PUBLIC_TYPES))
        .containsExactly("upper.Upper");
  }

  @Test
  void anExemptionNeedsAReason() {
    assertThatThrownBy(() -> RULES.exempt(Rule.FLOOR, "upper", " "))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theModulesLinesHaveNoPackageTwice() {
    assertThat(
            List.of(ModuleRules.GATEWAY, ModuleRules.OPERATOR, ModuleRules.CRDS, ModuleRules.LOCAL))
        .allSatisfy(rules -> assertThat(rules.tests(0)).hasSameSizeAs(Rule.values()));
  }

  private static List<String> subjects(ArchitectureRules rules, Rule rule) {
    return rules.violations(rule, BAD, 0, loader()).stream().map(Violation::subject).toList();
  }

  private static List<String> subjectsAndSentences(ArchitectureRules rules, Rule rule) {
    return rules.violations(rule, BAD, 0, loader()).stream()
        .map(violation -> violation.subject() + ": " + violation.sentence())
        .toList();
  }

  private static ClassLoader loader() {
    return ArchitectureRulesTest.class.getClassLoader();
  }

  private static URL anyUrl() {
    try {
      return URI.create("file:///mockito").toURL();
    } catch (MalformedURLException e) {
      throw new AssertionError(e);
    }
  }
}
