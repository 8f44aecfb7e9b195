package dev.changeover.gateway.classify;

import static dev.changeover.contract.Reason.ACCESS_DENIED;
import static dev.changeover.contract.Reason.ACCOUNT_DISABLED;
import static dev.changeover.contract.Reason.BAD_REQUEST;
import static dev.changeover.contract.Reason.CONTEXT_TOO_LONG;
import static dev.changeover.contract.Reason.CREDENTIAL_REJECTED;
import static dev.changeover.contract.Reason.MODEL_NOT_FOUND;
import static dev.changeover.contract.Reason.OVERLOADED;
import static dev.changeover.contract.Reason.QUOTA_EXHAUSTED;
import static dev.changeover.contract.Reason.RATE_LIMITED;
import static dev.changeover.contract.Reason.REQUEST_TOO_LARGE;
import static dev.changeover.gateway.classify.Advice.APPEAL;
import static dev.changeover.gateway.classify.Advice.ASK_FOR_ACCESS;
import static dev.changeover.gateway.classify.Advice.CORRECT_MODEL;
import static dev.changeover.gateway.classify.Advice.OUT_OF_CAPACITY;
import static dev.changeover.gateway.classify.Advice.RAISE_LIMIT;
import static dev.changeover.gateway.classify.Advice.REPLACE_KEY;
import static dev.changeover.gateway.classify.Advice.REQUEST_AT_FAULT;
import static dev.changeover.gateway.classify.Advice.SHORTEN;
import static dev.changeover.gateway.classify.Advice.SLOW_DOWN;
import static dev.changeover.gateway.classify.Advice.TOO_LARGE;
import static dev.changeover.gateway.classify.Rule.named;

import java.util.List;

/** How Groq says that it will not answer: in OpenAI's shape and with codes of its own. */
final class GroqRules {
  static final RuleBook RULES =
      new RuleBook(
          List.of(
              named("groq-spend-limit", QUOTA_EXHAUSTED, RAISE_LIMIT).classes("blocked_api_access"),
              named("groq-model-retired", MODEL_NOT_FOUND, CORRECT_MODEL)
                  .classes("model_decommissioned", "model_not_active"),
              named("groq-model-blocked", ACCESS_DENIED, ASK_FOR_ACCESS)
                  .classes("model_terms_required", "model_permission_blocked_*"),
              named("groq-model-wrote-wrongly", BAD_REQUEST, REQUEST_AT_FAULT)
                  .classes("tool_use_failed", "json_validate_failed", "output_parse_failed")),
          List.of(
              named("groq-organization-restricted", ACCOUNT_DISABLED, APPEAL)
                  .saying("organization has been restricted"),
              named("groq-key", CREDENTIAL_REJECTED, REPLACE_KEY).saying("invalid api key"),
              named("groq-too-large", REQUEST_TOO_LARGE, TOO_LARGE)
                  .saying("request too large for "),
              named("groq-rate-sentence", RATE_LIMITED, SLOW_DOWN)
                  .saying("rate limit reached for "),
              named("groq-capacity", OVERLOADED, OUT_OF_CAPACITY)
                  .saying(".{1,120}? is currently over capacity"),
              named("groq-context", CONTEXT_TOO_LONG, SHORTEN)
                  .saying("please reduce the length of the messages or completion")),
          List.of());

  private GroqRules() {}
}
