package dev.changeover.gateway.classify;

import dev.changeover.contract.Reason;

/** Whose errors are read: each provider is one row here and one file of rules. */
public enum Vendor {
  OPENAI,
  ANTHROPIC,
  /** Any other origin: by the classes that many use, else by status. */
  OTHER;

  private static final RuleBook OF_OPENAI = OpenAiRules.RULES.before(GeneralRules.RULES);
  private static final RuleBook OF_ANTHROPIC = AnthropicRules.RULES.before(GeneralRules.RULES);

  private RuleBook rules() {
    return switch (this) {
      case OPENAI -> OF_OPENAI;
      case ANTHROPIC -> OF_ANTHROPIC;
      case OTHER -> GeneralRules.RULES;
    };
  }

  /** What a failure was taken for, and whether that is weak evidence. */
  record Verdict(Rule rule, boolean weak) {}

  /** The first rule that fits, or what the status says. */
  Verdict judge(Told told) {
    return rules()
        .judge(told)
        .map(match -> verdict(match.rule(), match.bySentence()))
        .orElseGet(() -> verdict(StatusRules.of(told), true));
  }

  /** Unknown origins may say anything: words and bare statuses of theirs are no proof. */
  private Verdict verdict(Rule rule, boolean byWordsOrStatus) {
    boolean definite = rule.reason().certainty() == Reason.Certainty.DEFINITE;
    return new Verdict(rule, definite && byWordsOrStatus && this == OTHER);
  }
}
