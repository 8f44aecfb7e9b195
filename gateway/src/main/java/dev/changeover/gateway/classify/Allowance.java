package dev.changeover.gateway.classify;

import dev.changeover.contract.Reason;
import dev.changeover.contract.Scope;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The allowance behind a rate limit: one that refills in minutes stays a rate limit, a longer one
 * is a quota. The sentences are OpenAI's and Anthropic's, and others took them over.
 */
final class Allowance {
  /** The longest wait that a rate limit asks for. */
  static final Duration RATE_LIMIT_WAIT_MAX = Duration.ofMinutes(5);

  private static final Pattern LONG_BUCKET =
      ignoringCase(
          "(?:rate limit (?:reached|exceeded) for|this request would exceed|number of request)"
              + ".{1,400}?(?:\\bper (?:day|week|month)\\b|\\byour (?:daily|weekly|monthly) )");
  private static final Pattern USAGE_LIMIT =
      ignoringCase(
          "(?:you have|you've) (?:reached|exceeded|hit) (?:your|the) .{0,60}?\\busage limit");
  private static final Pattern OF_ONE_MODEL =
      ignoringCase(
          "rate limit reached for (?!requests|tokens|organization)(?:model )?[`'\"]?[\\w./:@-]+"
              + "[`'\"]?(?: \\([^)]{0,80}\\))? (?:in organization|on) "
              + "|.{1,400}?\\(org: [^,)]{1,80}, model: ");

  private Allowance() {}

  private static Pattern ignoringCase(String start) {
    return Pattern.compile(start, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }

  /** The rule as it is, or the quota that stands behind its rate limit. */
  static Rule behind(Rule rule, Told told, Optional<Duration> wait) {
    if (rule.reason() != Reason.RATE_LIMITED || !isQuota(told.sentence(), wait)) {
      return rule;
    }
    boolean ofOneModel =
        OF_ONE_MODEL.matcher(told.sentence()).lookingAt()
            || told.classes().stream().anyMatch(bucket -> bucket.contains("permodel"));
    return Rule.named(
            rule.name(),
            Reason.QUOTA_EXHAUSTED,
            "An allowance for longer than minutes is used up: wait for its reset or raise it.")
        .holding(ofOneModel ? Scope.MODEL : Scope.PROVIDER);
  }

  private static boolean isQuota(String sentence, Optional<Duration> wait) {
    boolean longWait = wait.filter(asked -> asked.compareTo(RATE_LIMIT_WAIT_MAX) > 0).isPresent();
    return longWait
        || LONG_BUCKET.matcher(sentence).lookingAt()
        || (wait.isEmpty() && USAGE_LIMIT.matcher(sentence).lookingAt());
  }
}
