package dev.changeover.operator.model;

/**
 * Something wrong with one resource, which becomes a condition on it.
 *
 * @param message what is wrong and what to do about it; never a value that could be a key
 */
public record Problem(ResourceRef object, Reason reason, String message) {
  /** What is wrong, as the condition's reason says it. */
  public enum Reason {
    INVALID_SPEC("InvalidSpec", ConditionType.ACCEPTED),
    UNSUPPORTED_VALUE("UnsupportedValue", ConditionType.ACCEPTED),
    CONFLICTED("Conflicted", ConditionType.ACCEPTED),
    SECRET_NOT_FOUND("SecretNotFound", ConditionType.RESOLVED_REFS),
    SECRET_UNREADABLE("SecretUnreadable", ConditionType.RESOLVED_REFS),
    SECRET_KEY_MISSING("SecretKeyMissing", ConditionType.RESOLVED_REFS),
    PROVIDER_NOT_FOUND("ProviderNotFound", ConditionType.RESOLVED_REFS),
    REF_NOT_PERMITTED("RefNotPermitted", ConditionType.RESOLVED_REFS);

    private final String word;
    private final ConditionType condition;

    Reason(String word, ConditionType condition) {
      this.word = word;
      this.condition = condition;
    }

    /** The public word. */
    public String word() {
      return word;
    }

    /** The condition that turns False. */
    public ConditionType condition() {
      return condition;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  /** The condition that turns False. */
  public ConditionType condition() {
    return reason.condition();
  }
}
