package dev.changeover.testkit.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who may use whom between a module's packages. */
final class LayerRules {
  private LayerRules() {}

  static List<Violation> violations(ScannedModule module, Map<String, Set<String>> layers) {
    List<Violation> found = new ArrayList<>();
    module
        .classes()
        .forEach(from -> {
          String layer = layerOf(module.relativePackage(from), layers);
          if (!layers.isEmpty() && !layer.isEmpty() && !layers.containsKey(layer)) {
            found.add(violation(module, from, "package " + layer + " has no line"));
            return;
          }
          ScannedModule.used(from)
              .filter(to -> module.contains(to.getName()))
              .filter(to -> !module.topLevel(to).equals(module.topLevel(from)))
              .forEach(to -> {
                if (module.isMain(to)) {
                  found.add(violation(module, from, "uses main " + to.getName()));
                } else if (!allowed(layer, layerOf(module.relativePackage(to), layers), layers)) {
                  found.add(violation(module, from, "may not use " + to.getName()));
                }
              });
        });
    return found;
  }

  static List<Violation> cycles(ScannedModule module) {
    var byPackage =
        new SliceAssignment() {
          @Override
          public SliceIdentifier getIdentifierOf(JavaClass type) {
            return module.contains(type.getName())
                ? SliceIdentifier.of(type.getPackageName())
                : SliceIdentifier.ignore();
          }

          @Override
          public String getDescription() {
            return "packages";
          }
        };
    return SlicesRuleDefinition.slices()
        .assignedFrom(byPackage)
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .evaluate(module.all())
        .getFailureReport()
        .getDetails()
        .stream()
        .map(details -> new Violation(module.root(), details))
        .toList();
  }

  /** The line that a package stands under: its own, or that of the nearest package above it. */
  private static String layerOf(String relativePackage, Map<String, Set<String>> layers) {
    return layers.keySet().stream()
        .filter(layer -> relativePackage.equals(layer) || relativePackage.startsWith(layer + "."))
        .max(Comparator.comparingInt(String::length))
        .orElse(relativePackage);
  }

  private static boolean allowed(String from, String to, Map<String, Set<String>> layers) {
    if (layers.isEmpty() || from.equals(to)) {
      return true;
    }
    if (from.isEmpty() && !layers.containsKey(from)) {
      return true; // the root package puts the module together
    }
    return layers.getOrDefault(from, Set.of()).contains(to);
  }

  private static Violation violation(ScannedModule module, JavaClass from, String what) {
    return new Violation(module.relative(from.getName()), from.getName() + " " + what);
  }
}
