package dev.changeover.gateway.classify;

import static dev.changeover.contract.Reason.ACCESS_DENIED;
import static dev.changeover.contract.Reason.ACCOUNT_DISABLED;
import static dev.changeover.contract.Reason.BAD_REQUEST;
import static dev.changeover.contract.Reason.BILLING_INACTIVE;
import static dev.changeover.contract.Reason.CONTENT_FILTERED;
import static dev.changeover.contract.Reason.CONTEXT_TOO_LONG;
import static dev.changeover.contract.Reason.CREDENTIAL_REJECTED;
import static dev.changeover.contract.Reason.MODEL_NOT_FOUND;
import static dev.changeover.contract.Reason.OVERLOADED;
import static dev.changeover.contract.Reason.QUOTA_EXHAUSTED;
import static dev.changeover.contract.Reason.RATE_LIMITED;
import static dev.changeover.contract.Reason.REQUEST_TOO_LARGE;
import static dev.changeover.contract.Reason.SERVER_ERROR;
import static dev.changeover.contract.Reason.TIMEOUT;
import static dev.changeover.gateway.classify.Advice.APPEAL;
import static dev.changeover.gateway.classify.Advice.CALL_FROM_ELSEWHERE;
import static dev.changeover.gateway.classify.Advice.CORRECT_MODEL;
import static dev.changeover.gateway.classify.Advice.FILTERED;
import static dev.changeover.gateway.classify.Advice.GAVE_UP;
import static dev.changeover.gateway.classify.Advice.OUT_OF_CAPACITY;
import static dev.changeover.gateway.classify.Advice.OWN_FAULT;
import static dev.changeover.gateway.classify.Advice.RAISE_LIMIT;
import static dev.changeover.gateway.classify.Advice.REPLACE_KEY;
import static dev.changeover.gateway.classify.Advice.REQUEST_AT_FAULT;
import static dev.changeover.gateway.classify.Advice.SHORTEN;
import static dev.changeover.gateway.classify.Advice.SLOW_DOWN;
import static dev.changeover.gateway.classify.Advice.WIDEN_KEY;
import static dev.changeover.gateway.classify.Rule.named;

import dev.changeover.contract.Scope;
import java.util.List;

/** How OpenAI says that it will not answer: by code, then by type, seldom by words alone. */
final class OpenAiRules {
  private static final String ASK_FOR_ACCESS =
      "The account may not use this model: ask the owner of the project for access.";

  static final RuleBook RULES =
      new RuleBook(
          List.of(
              named("openai-account-deactivated", ACCOUNT_DISABLED, APPEAL)
                  .classes("account_deactivated", "organization_deactivated", "access_terminated"),
              named("openai-project-limit", QUOTA_EXHAUSTED, RAISE_LIMIT)
                  .classes("project_spend_limit_exceeded", "project_usage_limit_exceeded")
                  .holding(Scope.CREDENTIAL),
              named("openai-spend-limit", QUOTA_EXHAUSTED, RAISE_LIMIT)
                  .classes(
                      "*_spend_limit_exceeded",
                      "*_usage_limit_exceeded",
                      "billing_hard_limit_reached"),
              named("openai-project-limit-sentence", QUOTA_EXHAUSTED, RAISE_LIMIT)
                  .classes("insufficient_quota")
                  .saying("the (?:spend|usage) limit of this project has been reached")
                  .holding(Scope.CREDENTIAL),
              named("openai-insufficient-quota", QUOTA_EXHAUSTED, RAISE_LIMIT)
                  .classes("insufficient_quota"),
              named(
                      "openai-billing-not-active",
                      BILLING_INACTIVE,
                      "Money is missing at the provider: check billing details and credit.")
                  .classes("billing_not_active", "credit_balance_exhausted"),
              named("openai-request-above-limit", REQUEST_TOO_LARGE, "No wait helps one request.")
                  .classes("rate_limit_exceeded", "tokens", "requests")
                  .saying("request too large for "),
              named("openai-rate-limit", RATE_LIMITED, SLOW_DOWN)
                  .classes("rate_limit_exceeded", "slow_down"),
              named("openai-invalid-key", CREDENTIAL_REJECTED, REPLACE_KEY)
                  .classes("invalid_api_key", "expired_api_key", "token_expired"),
              named("openai-missing-scope", ACCESS_DENIED, WIDEN_KEY)
                  .classes(
                      "missing_scope",
                      "insufficient_permissions",
                      "invalid_organization",
                      "mismatched_organization",
                      "mismatched_project")
                  .holding(Scope.CREDENTIAL),
              named("openai-country", ACCESS_DENIED, CALL_FROM_ELSEWHERE)
                  .classes("unsupported_country_region_territory", "ip_not_authorized")
                  .holding(Scope.PROVIDER),
              named("openai-model-not-allowed", ACCESS_DENIED, ASK_FOR_ACCESS)
                  .classes("model_not_found")
                  .under(403),
              named("openai-organization-unverified", ACCESS_DENIED, ASK_FOR_ACCESS)
                  .classes("model_not_found", "unsupported_value")
                  .saying("your organization must be verified to "),
              named("openai-model-not-found", MODEL_NOT_FOUND, CORRECT_MODEL)
                  .classes("model_not_found", "model_not_available"),
              named("openai-context-length", CONTEXT_TOO_LONG, SHORTEN)
                  .classes("context_length_exceeded"),
              named("openai-content-filter", CONTENT_FILTERED, FILTERED)
                  .classes(
                      "invalid_prompt",
                      "*_policy_violation",
                      "content_filter",
                      "moderation_blocked"),
              named("openai-overloaded", OVERLOADED, OUT_OF_CAPACITY)
                  .classes(
                      "server_is_overloaded",
                      "engine_overloaded",
                      "model_overloaded",
                      "resource_unavailable")),
          List.of(
              named("openai-account-deactivated-sentence", ACCOUNT_DISABLED, APPEAL)
                  .saying(
                      "(?:the openai account associated with this api key has been deactivated"
                          + "|this key is associated with a deactivated account"
                          + "|(?:your|this|the) (?:openai )?(?:account|organization)"
                          + " (?:has been|was|is)"
                          + " (?:deactivated|disabled|suspended|banned|terminated|restricted)"
                          + "|your (?:api )?access (?:has been|was|is) (?:terminated|suspended)"
                          + " due to)"),
              named("openai-key-disabled", ACCOUNT_DISABLED, "The provider disabled this key.")
                  .saying(
                      "(?:your|this|the) (?:openai )?api key (?:has been|was)"
                          + " (?:disabled|suspended|blocked|reported as leaked)")
                  .holding(Scope.CREDENTIAL),
              named("openai-quota-sentence", QUOTA_EXHAUSTED, RAISE_LIMIT)
                  .saying(
                      "(?:you exceeded your current quota|billing hard limit has been reached)"),
              named(
                      "openai-billing-sentence",
                      BILLING_INACTIVE,
                      "Money is missing at the provider: check billing details and credit.")
                  .saying("your account is not active, please check your billing details"),
              named("openai-missing-scopes", ACCESS_DENIED, WIDEN_KEY)
                  .saying(
                      "(?:you have insufficient permissions for this operation"
                          + "|you must be a member of an organization to use the api)")
                  .holding(Scope.CREDENTIAL),
              named("openai-country-sentence", ACCESS_DENIED, CALL_FROM_ELSEWHERE)
                  .saying(
                      "(?:country, region, or territory not supported"
                          + "|(?:your )?(?:request )?ip (?:address )?(?:is )?not authorized)")
                  .holding(Scope.PROVIDER),
              named("openai-model-not-allowed-sentence", ACCESS_DENIED, ASK_FOR_ACCESS)
                  .saying(
                      "(?:project [`'\"]?[\\w-]{1,80}[`'\"]? does not have access to model"
                          + "|you are not allowed to sample from this model"
                          + "|your organization must be verified to )"),
              named("openai-invalid-key-sentence", CREDENTIAL_REJECTED, REPLACE_KEY)
                  .saying("(?:incorrect api key provided|you didn't provide an api key)"),
              named(
                      "openai-request-above-limit-sentence",
                      REQUEST_TOO_LARGE,
                      "No wait helps one request.")
                  .saying("request too large for "),
              named("openai-context-sentence", CONTEXT_TOO_LONG, SHORTEN)
                  .saying(
                      "(?:this model's maximum context length is"
                          + "|your input exceeds the context window of"
                          + "|input tokens exceed the configured limit)"),
              named("openai-filter-sentence", CONTENT_FILTERED, FILTERED)
                  .saying(
                      "(?:your request was rejected (?:as a result of|by) (?:our|the) safety system"
                          + "|invalid prompt: (?:your prompt was flagged|we've limited access))"),
              named("openai-overloaded-sentence", OVERLOADED, OUT_OF_CAPACITY)
                  .saying(
                      "(?:our servers are currently overloaded"
                          + "|the server is overloaded"
                          + "|(?:the engine|that model|the model|the server) is currently"
                          + " overloaded)"),
              named("openai-rate-sentence", RATE_LIMITED, SLOW_DOWN)
                  .saying("rate limit reached for ")),
          List.of(
              named("openai-unavailable", OVERLOADED, OUT_OF_CAPACITY)
                  .classes("service_unavailable_error", "service_unavailable")
                  .under(200, 429, 503),
              named("openai-rate-type", RATE_LIMITED, SLOW_DOWN)
                  .classes("requests", "tokens", "rate_limit_error")
                  .under(200, 429),
              named("openai-forbidden", ACCESS_DENIED, CALL_FROM_ELSEWHERE)
                  .classes("request_forbidden")
                  .under(403)
                  .holding(Scope.PROVIDER),
              named("openai-timeout", TIMEOUT, GAVE_UP)
                  .classes("timeout", "request_timeout")
                  .under(200, 408, 500, 503, 504),
              named("openai-server-error", SERVER_ERROR, OWN_FAULT)
                  .classes("server_error", "internal_error")
                  .under(200, 500, 502, 520),
              named("openai-invalid-request", BAD_REQUEST, REQUEST_AT_FAULT)
                  .classes("invalid_request_error", "image_generation_user_error")
                  .under(200, 400, 405, 409, 411, 415, 422)));

  private OpenAiRules() {}
}
