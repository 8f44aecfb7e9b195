package dev.changeover.gateway.classify;

import static dev.changeover.contract.Reason.BAD_REQUEST;
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
import static dev.changeover.gateway.classify.Advice.REQUEST_AT_FAULT;
import static dev.changeover.gateway.classify.Advice.SHORTEN;
import static dev.changeover.gateway.classify.Advice.SLOW_DOWN;
import static dev.changeover.gateway.classify.Rule.named;

import java.util.List;

/**
 * How Mistral says that it will not answer: by type, by a code of four digits, or by a detail
 * alone.
 */
final class MistralRules {
  static final RuleBook RULES =
      new RuleBook(
          List.of(
              named("mistral-model", MODEL_NOT_FOUND, CORRECT_MODEL)
                  .classes("1500", "invalid_model"),
              named("mistral-rate-limit", RATE_LIMITED, SLOW_DOWN).classes("1300", "rate_limited"),
              named("mistral-capacity", OVERLOADED, OUT_OF_CAPACITY)
                  .classes("3505", "service_tier_capacity_exceeded")),
          List.of(
              named("mistral-key", CREDENTIAL_REJECTED, REPLACE_KEY)
                  .saying("(?:invalid api key|unauthorized$|no api key found in request)"),
              named("mistral-subscription", BILLING_INACTIVE, PAY)
                  .saying("(?:invalid subscription: )?inactive subscription"),
              named("mistral-capacity-sentence", OVERLOADED, OUT_OF_CAPACITY)
                  .saying("service tier capacity exceeded"),
              named("mistral-rate-sentence", RATE_LIMITED, SLOW_DOWN)
                  .saying("(?:requests )?rate limit exceeded"),
              named("mistral-model-sentence", MODEL_NOT_FOUND, CORRECT_MODEL)
                  .saying("invalid model: "),
              named("mistral-context", CONTEXT_TOO_LONG, SHORTEN)
                  .saying(
                      "(?:prompt contains \\d+ tokens"
                          + "|the number of tokens in the prompt exceeds"
                          + "|too many tokens overall)")),
          List.of(
              named("mistral-unavailable", OVERLOADED, OUT_OF_CAPACITY)
                  .classes("unreachable_backend")
                  .under(503),
              named("mistral-invalid-request", BAD_REQUEST, REQUEST_AT_FAULT)
                  .classes("invalid_request_*")
                  .under(200, 400, 422)));

  private MistralRules() {}
}
