package dev.changeover.testkit.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * The architecture rules of one module, as data: layers, confinements and exemptions.
 *
 * <p>A line may name packages that do not exist yet. A package that exists without a line fails, so
 * that nobody adds a box to the picture by accident.
 *
 * @param root the module's root package
 * @param layers each package, relative to the root, with those it may use; empty where the module
 *     is one package
 * @param confinements libraries that may be used only in places
 * @param exemptions where a rule does not apply, and why
 */
public record ArchitectureRules(
    String root,
    Map<String, Set<String>> layers,
    List<Confinement> confinements,
    List<Exemption> exemptions) {
  private static final int VIOLATIONS_SHOWN_MAX = 25;

  public ArchitectureRules {
    layers = Map.copyOf(layers);
    confinements = List.copyOf(confinements);
    exemptions = List.copyOf(exemptions);
  }

  /** Rules without layers, confinements or exemptions. */
  public static ArchitectureRules of(String root) {
    return new ArchitectureRules(root, Map.of(), List.of(), List.of());
  }

  /** The same rules with a line: the package may use these. */
  public ArchitectureRules layer(String from, String... allowed) {
    Map<String, Set<String>> more = new LinkedHashMap<>(layers);
    if (more.put(from, Set.copyOf(Arrays.asList(allowed))) != null) {
      throw new IllegalArgumentException("package " + from + " has two lines");
    }
    return new ArchitectureRules(root, more, confinements, exemptions);
  }

  /** The same rules with one more arrow than the picture shows, for a reason. */
  public ArchitectureRules arrow(String from, String to, String reason) {
    if (reason.isBlank()) {
      throw new IllegalArgumentException("an arrow that is not in the picture needs a reason");
    }
    Set<String> allowed = new TreeSet<>(layers.getOrDefault(from, Set.of()));
    allowed.add(to);
    Map<String, Set<String>> more = new LinkedHashMap<>(layers);
    more.put(from, allowed);
    return new ArchitectureRules(root, more, confinements, exemptions);
  }

  /** The same rules with a confined library. */
  public ArchitectureRules confine(String library, String reason, String... places) {
    List<Confinement> more = new ArrayList<>(confinements);
    more.add(new Confinement(library, Set.copyOf(Arrays.asList(places)), reason));
    return new ArchitectureRules(root, layers, more, exemptions);
  }

  /** The same rules with a place that one of them does not apply to. */
  public ArchitectureRules exempt(Rule rule, String subject, String reason) {
    List<Exemption> more = new ArrayList<>(exemptions);
    more.add(new Exemption(rule, subject, reason));
    return new ArchitectureRules(root, layers, confinements, more);
  }

  /** One test a rule over the module's own classes, of which there are at least so many. */
  public Stream<DynamicTest> tests(int classesMin) {
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(root);
    ClassLoader loader = ArchitectureRules.class.getClassLoader();
    return Stream.of(Rule.values())
        .map(rule ->
            DynamicTest.dynamicTest(
                rule.sentence(), () -> check(rule, violations(rule, classes, classesMin, loader))));
  }

  List<Violation> violations(
      Rule rule, JavaClasses classes, int classesMin, ClassLoader classPath) {
    var module = new ScannedModule(root, classes);
    List<Violation> found =
        switch (rule) {
          case LAYERS -> LayerRules.violations(module, layers);
          case CYCLES -> LayerRules.cycles(module);
          case NULL_MARKED -> TypeRules.unmarkedPackages(module);
          case NAME_ENDINGS -> TypeRules.forbiddenEndings(module);
          case PUBLIC_TYPES -> TypeRules.needlesslyPublic(module);
          case CONFINEMENTS -> LibraryRules.escapes(module, confinements);
          case FORBIDDEN_CALLS -> LibraryRules.forbiddenCalls(module);
          case MOCKITO -> LibraryRules.mockito(classPath);
          case FLOOR -> module.belowFloor(classesMin);
        };
    return found.stream()
        .filter(
            violation -> exemptions.stream().noneMatch(e -> e.covers(rule, violation.subject())))
        .toList();
  }

  private static void check(Rule rule, List<Violation> violations) {
    if (violations.isEmpty()) {
      return;
    }
    String shown =
        String.join(
            "\n",
            violations.stream()
                .limit(VIOLATIONS_SHOWN_MAX)
                .map(violation -> "  " + violation.sentence())
                .toList());
    throw new AssertionError(
        "%s; violated %d times:%n%s".formatted(rule.sentence(), violations.size(), shown));
  }
}
