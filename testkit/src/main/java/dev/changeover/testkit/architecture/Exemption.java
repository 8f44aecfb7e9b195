package dev.changeover.testkit.architecture;

/**
 * A place that a rule does not apply to.
 *
 * @param rule the rule
 * @param subject a class or package relative to the module's root, with all below it, or {@link
 *     #EVERYTHING}
 * @param reason why the rule would do harm there
 */
public record Exemption(Rule rule, String subject, String reason) {
  /** The whole module. */
  public static final String EVERYTHING = "*";

  public Exemption {
    if (subject.isBlank() || reason.isBlank()) {
      throw new IllegalArgumentException("an exemption names its subject and its reason");
    }
  }

  boolean covers(Rule violated, String violator) {
    return rule == violated
        && (subject.equals(EVERYTHING)
            || violator.equals(subject)
            || violator.startsWith(subject + ".")
            || violator.startsWith(subject + "$"));
  }
}
