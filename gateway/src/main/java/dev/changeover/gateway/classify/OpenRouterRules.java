package dev.changeover.gateway.classify;

import static dev.changeover.contract.Reason.ACCESS_DENIED;
import static dev.changeover.contract.Reason.BAD_REQUEST;
import static dev.changeover.contract.Reason.BILLING_INACTIVE;
import static dev.changeover.contract.Reason.CONTENT_FILTERED;
import static dev.changeover.contract.Reason.CONTEXT_TOO_LONG;
import static dev.changeover.contract.Reason.CREDENTIAL_REJECTED;
import static dev.changeover.contract.Reason.MODEL_NOT_FOUND;
import static dev.changeover.contract.Reason.OVERLOADED;
import static dev.changeover.contract.Reason.QUOTA_EXHAUSTED;
import static dev.changeover.contract.Reason.RATE_LIMITED;
import static dev.changeover.contract.Reason.SERVER_ERROR;
import static dev.changeover.contract.Reason.TIMEOUT;
import static dev.changeover.gateway.classify.Advice.ASK_FOR_ACCESS;
import static dev.changeover.gateway.classify.Advice.CORRECT_MODEL;
import static dev.changeover.gateway.classify.Advice.FILTERED;
import static dev.changeover.gateway.classify.Advice.GAVE_UP;
import static dev.changeover.gateway.classify.Advice.OUT_OF_CAPACITY;
import static dev.changeover.gateway.classify.Advice.OWN_FAULT;
import static dev.changeover.gateway.classify.Advice.PAY;
import static dev.changeover.gateway.classify.Advice.RAISE_LIMIT;
import static dev.changeover.gateway.classify.Advice.REPLACE_KEY;
import static dev.changeover.gateway.classify.Advice.REQUEST_AT_FAULT;
import static dev.changeover.gateway.classify.Advice.SHORTEN;
import static dev.changeover.gateway.classify.Advice.SLOW_DOWN;
import static dev.changeover.gateway.classify.Rule.named;

import dev.changeover.contract.Scope;
import java.util.List;

/**
 * How OpenRouter says that it will not answer: its code is a status as a number, and what the
 * model's own provider said stands beside it.
 */
final class OpenRouterRules {
  static final RuleBook RULES =
      new RuleBook(
          List.of(
              named("openrouter-moderation", CONTENT_FILTERED, FILTERED)
                  .classes("metadata.reasons")
                  .under(403)),
          List.of(
              named("openrouter-day", QUOTA_EXHAUSTED, RAISE_LIMIT)
                  .saying("rate limit exceeded: free-models-per-day"),
              named("openrouter-key-limit", QUOTA_EXHAUSTED, RAISE_LIMIT)
                  .saying("key limit exceeded")
                  .holding(Scope.CREDENTIAL),
              named("openrouter-credits", BILLING_INACTIVE, PAY)
                  .saying("(?:this request requires more credits" + "|insufficient credits)"),
              named("openrouter-key", CREDENTIAL_REJECTED, REPLACE_KEY)
                  .saying(
                      "(?:(?:missing authentication header|no auth credentials found|no cookie auth credentials found)"
                          + "|user not found\\.?$)"),
              named("openrouter-context", CONTEXT_TOO_LONG, SHORTEN)
                  .saying("this endpoint's maximum context length is"),
              named("openrouter-model", MODEL_NOT_FOUND, CORRECT_MODEL)
                  .saying("(?:no endpoints found for " + "|\\S{1,160} is not a valid model id)"),
              named("openrouter-policy", ACCESS_DENIED, ASK_FOR_ACCESS)
                  .saying(
                      "no (?:allowed providers are available|endpoints found matching your data policy)")),
          List.of(
              named("openrouter-bad-request", BAD_REQUEST, REQUEST_AT_FAULT).classes("400"),
              named("openrouter-unauthorized", CREDENTIAL_REJECTED, REPLACE_KEY).classes("401"),
              named("openrouter-payment", BILLING_INACTIVE, PAY).classes("402"),
              named("openrouter-timeout", TIMEOUT, GAVE_UP).classes("408", "504"),
              named("openrouter-rate-limit", RATE_LIMITED, SLOW_DOWN).classes("429"),
              named("openrouter-provider-down", SERVER_ERROR, OWN_FAULT).classes("500", "502"),
              named("openrouter-no-provider", OVERLOADED, OUT_OF_CAPACITY).classes("503", "529")));

  private OpenRouterRules() {}
}
