package dev.changeover.testkit.architecture;

/** One law of the style guide, section 6. */
public enum Rule {
  LAYERS("a package uses only the packages that its line allows, and nobody uses a main class"),
  CYCLES("packages have no cycles"),
  NULL_MARKED("every package is @NullMarked"),
  NAME_ENDINGS("no type name has a forbidden ending"),
  PUBLIC_TYPES("a public type is used by another package, or is a main class"),
  CONFINEMENTS("a confined library is used only where it may be"),
  FORBIDDEN_CALLS("clocks, randomness, sleeping and standard output come in as arguments"),
  MOCKITO("no Mockito on the class path"),
  FLOOR("the rules saw enough classes to mean something");

  private final String sentence;

  Rule(String sentence) {
    this.sentence = sentence;
  }

  String sentence() {
    return sentence;
  }
}
