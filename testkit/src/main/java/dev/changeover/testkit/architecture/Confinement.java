package dev.changeover.testkit.architecture;

import java.util.Set;

/**
 * A library that only some places of a module may use.
 *
 * @param library a package with all below it, or one class by its full name
 * @param places packages relative to the module's root, each with all below it, or classes such as
 *     {@code GatewayMain}; {@link #ROOT} is the root package itself; empty forbids the library
 * @param reason why, as the failure tells it
 */
public record Confinement(String library, Set<String> places, String reason) {
  /** The root package alone, without those below it. */
  public static final String ROOT = "";

  public Confinement {
    if (library.isBlank() || reason.isBlank()) {
      throw new IllegalArgumentException("a confinement names its library and its reason");
    }
    places = Set.copyOf(places);
  }

  /** A library that the module may not use at all. */
  public static Confinement nowhere(String library, String reason) {
    return new Confinement(library, Set.of(), reason);
  }

  boolean covers(String className) {
    return className.equals(library)
        || className.startsWith(library + ".")
        || className.startsWith(library + "$");
  }

  boolean allows(String relativePackage, String relativeTopLevelClass) {
    return places.contains(relativeTopLevelClass)
        || places.contains(relativePackage)
        || places.stream()
            .anyMatch(place -> !place.isEmpty() && relativePackage.startsWith(place + "."));
  }
}
