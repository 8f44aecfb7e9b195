package dev.changeover.testkit.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What single types and packages have to be like. */
final class TypeRules {
  private static final String NULL_MARKED = "org.jspecify.annotations.NullMarked";
  private static final List<String> FORBIDDEN_ENDINGS =
      List.of("Util", "Utils", "Helper", "Manager", "Processor", "Impl", "Base", "Common");

  private TypeRules() {}

  static List<Violation> unmarkedPackages(ScannedModule module) {
    return module
        .classes()
        .map(JavaClass::getPackageName)
        .distinct()
        .filter(name -> !isNullMarked(module, name))
        .map(
            name -> new Violation(module.relative(name), "package " + name + " is not @NullMarked"))
        .toList();
  }

  private static boolean isNullMarked(ScannedModule module, String packageName) {
    String description = packageName + ".package-info";
    return module.all().contain(description)
        && module.all().get(description).isAnnotatedWith(NULL_MARKED);
  }

  static List<Violation> forbiddenEndings(ScannedModule module) {
    return module
        .classes()
        .filter(type -> FORBIDDEN_ENDINGS.stream().anyMatch(type.getSimpleName()::endsWith))
        .map(type ->
            new Violation(
                module.relative(type.getName()), type.getName() + " has a forbidden ending"))
        .toList();
  }

  static List<Violation> needlesslyPublic(ScannedModule module) {
    Set<String> usedElsewhere = new HashSet<>();
    module
        .classes()
        .forEach(from ->
            ScannedModule.used(from)
                .filter(to -> module.contains(to.getName()))
                .filter(to -> !to.getPackageName().equals(from.getPackageName()))
                .forEach(to -> usedElsewhere.add(module.topLevel(to))));
    return module
        .classes()
        .filter(JavaClass::isTopLevelClass)
        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
        .filter(type -> !module.isMain(type))
        .filter(type -> !usedElsewhere.contains(module.topLevel(type)))
        .map(type ->
            new Violation(
                module.relative(type.getName()),
                type.getName() + " is public, and no other package uses it"))
        .toList();
  }
}
