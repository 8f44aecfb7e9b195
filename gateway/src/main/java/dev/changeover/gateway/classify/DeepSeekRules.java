package dev.changeover.gateway.classify;

import static dev.changeover.contract.Reason.BILLING_INACTIVE;
import static dev.changeover.contract.Reason.CONTENT_FILTERED;
import static dev.changeover.contract.Reason.CONTEXT_TOO_LONG;
import static dev.changeover.contract.Reason.CREDENTIAL_REJECTED;
import static dev.changeover.contract.Reason.MODEL_NOT_FOUND;
import static dev.changeover.contract.Reason.OVERLOADED;
import static dev.changeover.contract.Reason.RATE_LIMITED;
import static dev.changeover.gateway.classify.Advice.CORRECT_MODEL;
import static dev.changeover.gateway.classify.Advice.FILTERED;
import static dev.changeover.gateway.classify.Advice.OUT_OF_CAPACITY;
import static dev.changeover.gateway.classify.Advice.PAY;
import static dev.changeover.gateway.classify.Advice.REPLACE_KEY;
import static dev.changeover.gateway.classify.Advice.SHORTEN;
import static dev.changeover.gateway.classify.Advice.SLOW_DOWN;
import static dev.changeover.gateway.classify.Rule.named;

import java.util.List;

/**
 * How DeepSeek says that it will not answer: its code always says that the request is invalid, so
 * that its sentences are believed.
 */
final class DeepSeekRules {
  static final RuleBook RULES =
      new RuleBook(
          List.of(),
          List.of(
              named("deepseek-balance", BILLING_INACTIVE, PAY).saying("insufficient balance"),
              named("deepseek-filter", CONTENT_FILTERED, FILTERED).saying("content exists risk"),
              named("deepseek-key", CREDENTIAL_REJECTED, REPLACE_KEY)
                  .saying("authentication fails"),
              named("deepseek-model", MODEL_NOT_FOUND, CORRECT_MODEL).saying("model not exist"),
              named("deepseek-context", CONTEXT_TOO_LONG, SHORTEN)
                  .saying("this model's maximum context length is"),
              named("deepseek-busy", OVERLOADED, OUT_OF_CAPACITY)
                  .saying("(?:the )?service is too busy"),
              named("deepseek-rate", RATE_LIMITED, SLOW_DOWN).saying("rate limit reached")),
          List.of());

  private DeepSeekRules() {}
}
