package dev.changeover.operator.model;

/** The conditions that a resource's status can have; the word is the public one. */
public enum ConditionType {
  ACCEPTED("Accepted"),
  RESOLVED_REFS("ResolvedRefs"),
  PROGRAMMED("Programmed"),
  AVAILABLE("Available"),
  READY("Ready"),
  /** Routes only. */
  FAILED_OVER("FailedOver"),
  ALERTS_INSTALLED("AlertsInstalled");

  private final String word;

  ConditionType(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  @Override
  public String toString() {
    return word;
  }
}
