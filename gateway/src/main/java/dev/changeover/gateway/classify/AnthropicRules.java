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
import static dev.changeover.gateway.classify.Advice.OWN_FAULT;
import static dev.changeover.gateway.classify.Advice.PAY;
import static dev.changeover.gateway.classify.Advice.RAISE_LIMIT;
import static dev.changeover.gateway.classify.Advice.REPLACE_KEY;
import static dev.changeover.gateway.classify.Advice.REQUEST_AT_FAULT;
import static dev.changeover.gateway.classify.Rule.named;

import dev.changeover.contract.Scope;
import java.util.List;

/**
 * How Anthropic says that it will not answer. One and the same type stands for a bad request, for
 * missing money and for a ban, so that its sentences are believed before most of its types.
 */
final class AnthropicRules {
  private static final String WIDEN_KEY =
      "The key's own rights are too small: give it the workspace or role it needs.";

  static final RuleBook RULES =
      new RuleBook(
          List.of(
              named("anthropic-workspace-limit", QUOTA_EXHAUSTED, RAISE_LIMIT)
                  .classes("workspace_spend_limit_reached", "workspace_usage_limit_reached")
                  .holding(Scope.CREDENTIAL),
              named("anthropic-workspace-limit-sentence", QUOTA_EXHAUSTED, RAISE_LIMIT)
                  .classes("*spend_limit_reached", "*usage_limit_reached")
                  .saying("you have reached your (?:[a-z]+ ){0,4}usage limits: your workspace ")
                  .holding(Scope.CREDENTIAL),
              named("anthropic-spend-limit", QUOTA_EXHAUSTED, RAISE_LIMIT)
                  .classes("*spend_limit_reached", "*usage_limit_reached"),
              named("anthropic-oauth-not-allowed", ACCESS_DENIED, WIDEN_KEY)
                  .classes("oauth_org_not_allowed")
                  .holding(Scope.CREDENTIAL),
              named("anthropic-overloaded", OVERLOADED, "The provider lacks capacity.")
                  .classes("overloaded_error"),
              named("anthropic-timeout", TIMEOUT, GAVE_UP).classes("timeout_error"),
              named(
                      "anthropic-request-too-large",
                      REQUEST_TOO_LARGE,
                      "The request has more bytes than the provider takes.")
                  .classes("request_too_large"),
              named("anthropic-billing", BILLING_INACTIVE, PAY).classes("billing_error"),
              named("anthropic-model-not-found", MODEL_NOT_FOUND, CORRECT_MODEL)
                  .classes("not_found_error")),
          List.of(
              named("anthropic-organization-disabled", ACCOUNT_DISABLED, APPEAL)
                  .saying(
                      "(?:(?:this|your|the) )?(?:anthropic |api )?(?:organization|account|workspace)"
                          + "(?:'s (?:api )?access| associated with this (?:api )?key)?"
                          + " (?:has been|is|was) (?:temporarily |permanently |currently )?"
                          + "(?:disabled|suspended|restricted|banned|blocked|deactivated"
                          + "|terminated|locked|closed|placed on hold)(?! to )"),
              named("anthropic-access-ended", ACCOUNT_DISABLED, APPEAL)
                  .saying(
                      "(?:your |the )?(?:api )?access (?:to (?:claude|the (?:anthropic|claude) api) )?"
                          + "(?:has been|is|was) (?:disabled|suspended|restricted|revoked"
                          + "|terminated|blocked)"),
              named("anthropic-key-disabled", ACCOUNT_DISABLED, "The provider disabled this key.")
                  .saying(
                      "(?:your|this|the) (?:anthropic )?api key (?:has been|is|was)"
                          + " (?:disabled|suspended|blocked|reported as leaked)")
                  .holding(Scope.CREDENTIAL),
              named("anthropic-credit-too-low", BILLING_INACTIVE, PAY)
                  .saying(
                      "(?:your credit balance is too low"
                          + "|your (?:account|organization) has (?:an )?(?:unpaid|outstanding"
                          + "|overdue|past due) )"),
              named("anthropic-workspace-usage-limit", QUOTA_EXHAUSTED, RAISE_LIMIT)
                  .saying(
                      "(?:(?:you have|you've) (?:reached|exceeded|hit) your (?:specified )?"
                          + "workspace (?:api )?(?:usage|spend) limits?"
                          + "|(?:this|your) workspace has (?:reached|exceeded) its"
                          + " (?:specified )?(?:api )?(?:usage|spend) limits?)")
                  .holding(Scope.CREDENTIAL),
              named("anthropic-usage-limit", QUOTA_EXHAUSTED, RAISE_LIMIT)
                  .saying(
                      "(?:(?:you have|you've) (?:reached|exceeded|hit) your (?:specified )?"
                          + "(?:organization )?(?:api )?(?:usage|spend) limits?"
                          + "|(?:this|your) organization has (?:reached|exceeded) its"
                          + " (?:specified )?(?:api )?(?:usage|spend) limits?)"),
              named("anthropic-prompt-too-long", CONTEXT_TOO_LONG, "The prompt is too long.")
                  .saying(
                      "(?:prompt is too long"
                          + "|input length and [`'\"]?max_tokens[`'\"]? exceed context limit"
                          + "|input is too long for requested model)"),
              named("anthropic-content-filter", CONTENT_FILTERED, FILTERED)
                  .saying("(?:output|input|prompt|request|content) (?:was )?blocked by "),
              named(
                      "anthropic-long-context-not-bought",
                      REQUEST_TOO_LARGE,
                      "The account's plan takes no request of this length.")
                  .saying("extra usage is required for long context requests"),
              named(
                      "anthropic-request-too-large-sentence",
                      REQUEST_TOO_LARGE,
                      "The request has more bytes than the provider takes.")
                  .saying(
                      "request (?:size )?exceeds the maximum (?:allowed )?(?:size|number of bytes)"),
              named("anthropic-key-for-other-use", ACCESS_DENIED, WIDEN_KEY)
                  .saying(
                      "(?:your api key does not have permission to use"
                          + "|this credential is only authorized for use with"
                          + "|oauth authentication is currently not allowed)")
                  .holding(Scope.CREDENTIAL),
              named(
                      "anthropic-organization-without-access",
                      ACCESS_DENIED,
                      "The organization may not use the API: ask its administrator.")
                  .saying("(?:your|this) organization does not have access to claude[. ]")
                  .holding(Scope.PROVIDER),
              named("anthropic-address-refused", ACCESS_DENIED, CALL_FROM_ELSEWHERE)
                  .saying(
                      "(?:request not allowed"
                          + "|(?:your |the )?(?:request )?ip (?:address )?(?:is )?not (?:allowed"
                          + "|authorized)"
                          + "|access to anthropic models is not allowed from unsupported)")
                  .under(400, 401, 403)
                  .holding(Scope.PROVIDER),
              named(
                      "anthropic-model-retired",
                      MODEL_NOT_FOUND,
                      "The provider retired this model: give the target another one.")
                  .saying(
                      "(?:the )?model [`'\"]?[\\w.:@-]{1,120}[`'\"]? (?:has been|was|is) (?:now )?"
                          + "(?:retired|deprecated and|no longer)")),
          List.of(
              named(
                      "anthropic-rate-limit",
                      RATE_LIMITED,
                      "Calls come too fast for the account's limit: wait, or ask for a higher one.")
                  .classes("rate_limit_error"),
              named("anthropic-invalid-key", CREDENTIAL_REJECTED, REPLACE_KEY)
                  .classes("authentication_error"),
              named(
                      "anthropic-permission",
                      ACCESS_DENIED,
                      "The account may not use this model: ask its owner for access.")
                  .classes("permission_error"),
              named("anthropic-server-error", SERVER_ERROR, OWN_FAULT)
                  .classes("api_error")
                  .under(200, 500, 502, 520),
              named("anthropic-invalid-request", BAD_REQUEST, REQUEST_AT_FAULT)
                  .classes("invalid_request_error")
                  .under(200, 400, 405, 409, 411, 415, 422)));

  private AnthropicRules() {}
}
