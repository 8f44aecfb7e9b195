package dev.changeover.gateway.classify;

import static dev.changeover.contract.Reason.BILLING_INACTIVE;
import static dev.changeover.contract.Reason.CONTEXT_TOO_LONG;
import static dev.changeover.contract.Reason.CREDENTIAL_REJECTED;
import static dev.changeover.contract.Reason.MODEL_NOT_FOUND;
import static dev.changeover.contract.Reason.OVERLOADED;
import static dev.changeover.contract.Reason.RATE_LIMITED;
import static dev.changeover.gateway.classify.Advice.CORRECT_MODEL;
import static dev.changeover.gateway.classify.Advice.OUT_OF_CAPACITY;
import static dev.changeover.gateway.classify.Advice.PAY;
import static dev.changeover.gateway.classify.Advice.REPLACE_KEY;
import static dev.changeover.gateway.classify.Advice.SHORTEN;
import static dev.changeover.gateway.classify.Advice.SLOW_DOWN;
import static dev.changeover.gateway.classify.Rule.named;

import java.util.List;

/**
 * How Together says that it will not answer: a request that is too long under any of several
 * statuses, the rest by type.
 */
final class TogetherRules {
  static final RuleBook RULES =
      new RuleBook(
          List.of(
              named("together-credit", BILLING_INACTIVE, PAY).classes("credit_limit"),
              named("together-rate-limit", RATE_LIMITED, SLOW_DOWN)
                  .classes("rate_limit", "dynamic_request_limited", "dynamic_token_limited")),
          List.of(
              named("together-context", CONTEXT_TOO_LONG, SHORTEN)
                  .saying(
                      "(?:input validation error: [`'\\\"]inputs[`'\\\"] (?:tokens \\+|must have less than)"
                          + "|(?:the sum of )?(?:input token count|prompt length \\(?\\d*\\)?) \\+ [`'\\\"]?max_tokens"
                          + "|this model's maximum context length is)"),
              named("together-credit-sentence", BILLING_INACTIVE, PAY)
                  .saying("credit limit exceeded"),
              named("together-rate-sentence", RATE_LIMITED, SLOW_DOWN)
                  .saying("you have (?:reached|been rate limited by|exceeded) the rate limit"),
              named("together-model", MODEL_NOT_FOUND, CORRECT_MODEL)
                  .saying("unable to access (?:non-serverless )?model"),
              named("together-key", CREDENTIAL_REJECTED, REPLACE_KEY)
                  .saying("invalid api key provided"),
              named("together-overloaded", OVERLOADED, OUT_OF_CAPACITY)
                  .saying("the server is (?:currently )?overloaded")),
          List.of());

  private TogetherRules() {}
}
