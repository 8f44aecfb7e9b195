package dev.changeover.gateway.classify;

import static dev.changeover.contract.Reason.BILLING_INACTIVE;
import static dev.changeover.contract.Reason.CONTENT_FILTERED;
import static dev.changeover.contract.Reason.CONTEXT_TOO_LONG;
import static dev.changeover.contract.Reason.CREDENTIAL_REJECTED;
import static dev.changeover.contract.Reason.MODEL_NOT_FOUND;
import static dev.changeover.contract.Reason.QUOTA_EXHAUSTED;
import static dev.changeover.contract.Reason.RATE_LIMITED;
import static dev.changeover.gateway.classify.Advice.CORRECT_MODEL;
import static dev.changeover.gateway.classify.Advice.FILTERED;
import static dev.changeover.gateway.classify.Advice.PAY;
import static dev.changeover.gateway.classify.Advice.RAISE_LIMIT;
import static dev.changeover.gateway.classify.Advice.REPLACE_KEY;
import static dev.changeover.gateway.classify.Advice.SHORTEN;
import static dev.changeover.gateway.classify.Advice.SLOW_DOWN;
import static dev.changeover.gateway.classify.Rule.named;

import java.util.List;

/**
 * How Cohere says that it will not answer: a bare message, and for a few faults an {@code
 * error_type}.
 */
final class CohereRules {
  static final RuleBook RULES =
      new RuleBook(
          List.of(),
          List.of(
              named("cohere-key", CREDENTIAL_REJECTED, REPLACE_KEY)
                  .saying(
                      "(?:incorrect api key provided|invalid api (?:key|token)|no api key supplied)"),
              named("cohere-payment", BILLING_INACTIVE, PAY)
                  .saying("please add or update your payment method"),
              named("cohere-month", QUOTA_EXHAUSTED, RAISE_LIMIT)
                  .saying(
                      "you are using a trial key, which is limited to [\\d,]+ .{1,40}? ?/ ?month"),
              named("cohere-rate", RATE_LIMITED, SLOW_DOWN)
                  .saying(
                      "you are using a trial key, which is limited to [\\d,]+ .{1,40}? ?/ ?minute"),
              named("cohere-model", MODEL_NOT_FOUND, CORRECT_MODEL)
                  .saying("model ['\\\"][^'\\\"]{1,160}['\\\"] (?:not found|was removed on)"),
              named("cohere-context", CONTEXT_TOO_LONG, SHORTEN).saying("too many tokens: "),
              named("cohere-filter", CONTENT_FILTERED, FILTERED)
                  .saying("blocked (?:input|output)\\b")),
          List.of());

  private CohereRules() {}
}
