package dev.changeover.testkit.architecture;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Which libraries and which calls a module keeps away from. */
final class LibraryRules {
  private static final String MOCKITO = "org/mockito/Mockito.class";
  private static final Set<String> FORBIDDEN_MEMBERS =
      Set.of(
          "java.time.Instant.now",
          "java.lang.System.nanoTime",
          "java.lang.System.currentTimeMillis",
          "java.lang.System.out",
          "java.lang.Math.random",
          "java.lang.Thread.sleep");

  private LibraryRules() {}

  static List<Violation> escapes(ScannedModule module, List<Confinement> confinements) {
    return module
        .classes()
        .flatMap(from ->
            confinements.stream()
                .filter(confinement ->
                    !confinement.allows(module.relativePackage(from), module.topLevel(from)))
                .flatMap(confinement -> escapes(module, from, confinement)))
        .toList();
  }

  private static Stream<Violation> escapes(
      ScannedModule module, JavaClass from, Confinement confinement) {
    return ScannedModule.used(from)
        .filter(to -> confinement.covers(to.getName()))
        .map(to ->
            new Violation(
                module.relative(from.getName()),
                "%s uses %s: %s".formatted(from.getName(), to.getName(), confinement.reason())));
  }

  static List<Violation> forbiddenCalls(ScannedModule module) {
    return module
        .classes()
        .filter(from -> !module.isMain(from))
        .flatMap(from ->
            Stream.concat(
                    from.getAccessesFromSelf().stream(),
                    from.getMethodReferencesFromSelf().stream())
                .map(LibraryRules::member)
                .filter(FORBIDDEN_MEMBERS::contains)
                .distinct()
                .map(member ->
                    new Violation(
                        module.relative(from.getName()), from.getName() + " uses " + member)))
        .toList();
  }

  private static String member(JavaAccess<? extends AccessTarget> access) {
    return access.getTargetOwner().getName() + "." + access.getTarget().getName();
  }

  static List<Violation> mockito(ClassLoader classPath) {
    if (classPath.getResource(MOCKITO) == null) {
      return List.of();
    }
    return List.of(new Violation(MOCKITO, "Mockito is on the class path"));
  }
}
