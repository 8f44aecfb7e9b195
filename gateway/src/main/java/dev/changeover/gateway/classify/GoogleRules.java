package dev.changeover.gateway.classify;

import static dev.changeover.contract.Reason.ACCESS_DENIED;
import static dev.changeover.contract.Reason.ACCOUNT_DISABLED;
import static dev.changeover.contract.Reason.BAD_REQUEST;
import static dev.changeover.contract.Reason.BILLING_INACTIVE;
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
import static dev.changeover.gateway.classify.Advice.ASK_FOR_ACCESS;
import static dev.changeover.gateway.classify.Advice.CALL_FROM_ELSEWHERE;
import static dev.changeover.gateway.classify.Advice.CORRECT_MODEL;
import static dev.changeover.gateway.classify.Advice.GAVE_UP;
import static dev.changeover.gateway.classify.Advice.OUT_OF_CAPACITY;
import static dev.changeover.gateway.classify.Advice.OWN_FAULT;
import static dev.changeover.gateway.classify.Advice.PAY;
import static dev.changeover.gateway.classify.Advice.RAISE_LIMIT;
import static dev.changeover.gateway.classify.Advice.REPLACE_KEY;
import static dev.changeover.gateway.classify.Advice.REQUEST_AT_FAULT;
import static dev.changeover.gateway.classify.Advice.SHORTEN;
import static dev.changeover.gateway.classify.Advice.SLOW_DOWN;
import static dev.changeover.gateway.classify.Advice.SWITCH_API_ON;
import static dev.changeover.gateway.classify.Advice.TOO_LARGE;
import static dev.changeover.gateway.classify.Advice.WIDEN_KEY;
import static dev.changeover.gateway.classify.Rule.named;

import dev.changeover.contract.Scope;
import java.util.List;

/**
 * How Gemini and Vertex say that they will not answer. Every quota error uses the words of a bill,
 * so that the names of its buckets are believed and its words are not.
 */
final class GoogleRules {
  static final RuleBook RULES =
      new RuleBook(
          List.of(
              named("google-no-share", QUOTA_EXHAUSTED, RAISE_LIMIT)
                  .classes("*permodel*")
                  .saying("you exceeded your current quota.{1,800}?\\blimit: 0(?![\\d.])")
                  .holding(Scope.MODEL),
              named("google-day-of-model", QUOTA_EXHAUSTED, RAISE_LIMIT)
                  .classes("*perday*permodel*", "*permodel*perday*")
                  .holding(Scope.MODEL),
              named("google-day", QUOTA_EXHAUSTED, RAISE_LIMIT)
                  .classes("*perday*", "quota_exhausted"),
              named("google-billing", BILLING_INACTIVE, PAY).classes("billing_disabled"),
              named("google-key-state", CREDENTIAL_REJECTED, REPLACE_KEY)
                  .classes(
                      "access_token_expired",
                      "access_token_type_unsupported",
                      "account_state_invalid",
                      "credentials_missing"),
              named("google-key-rights", ACCESS_DENIED, WIDEN_KEY)
                  .classes(
                      "access_token_scope_insufficient",
                      "iam_permission_denied",
                      "api_key_service_blocked",
                      "api_key_http_referrer_blocked",
                      "api_key_ip_address_blocked")
                  .holding(Scope.CREDENTIAL)),
          List.of(
              named("google-key-suspended", ACCOUNT_DISABLED, APPEAL)
                  .saying(
                      "(?:your api key was reported as leaked"
                          + "|permission denied: consumer ['\\\"][^'\\\"]{1,120}['\\\"] has been suspended)")
                  .holding(Scope.CREDENTIAL),
              named("google-account-disabled", ACCOUNT_DISABLED, APPEAL)
                  .saying(
                      "(?:this service has been disabled in this account for violation of"
                          + "|your project has been denied access\\. please contact support)"),
              named("google-key-sentence", CREDENTIAL_REJECTED, REPLACE_KEY)
                  .saying(
                      "(?:api key (?:not valid|not found|expired|is expired)"
                          + "|(?:the request is missing a valid api key|request had invalid authentication credentials)"
                          + "|method doesn't allow unregistered callers)"),
              named("google-api-not-used", ACCESS_DENIED, SWITCH_API_ON)
                  .saying(
                      "(?:generative language|vertex ai|agent platform) api has not been used in project")
                  .holding(Scope.PROVIDER),
              named("google-country", ACCESS_DENIED, CALL_FROM_ELSEWHERE)
                  .saying(
                      "(?:user location is not supported for the api use"
                          + "|gemini api free tier is not available in your country)")
                  .holding(Scope.PROVIDER),
              named("google-billing-sentence", BILLING_INACTIVE, PAY)
                  .saying("this api method requires billing to be enabled"),
              named("google-key-rights-sentence", ACCESS_DENIED, WIDEN_KEY)
                  .saying(
                      "(?:permission ['\\\"][\\w.]{1,120}['\\\"] denied on resource"
                          + "|request had insufficient authentication scopes)")
                  .holding(Scope.CREDENTIAL),
              named("google-model-not-allowed", ACCESS_DENIED, ASK_FOR_ACCESS)
                  .saying(
                      "project [`'\\\"]?[\\w-]{1,80}[`'\\\"]? is not allowed to use publisher model"),
              named("google-model-not-found", MODEL_NOT_FOUND, CORRECT_MODEL)
                  .saying(
                      "(?:publisher model [`'\\\"][^`'\\\"]{1,300}[`'\\\"] (?:was )?not found"
                          + "|models/\\S{1,200} is not found for api version"
                          + "|this model \\S{1,200} is no longer available)"),
              named("google-input-tokens", CONTEXT_TOO_LONG, SHORTEN)
                  .saying(
                      "(?:(?:unable to submit request because )?(?:the )?input token count"
                          + "|the total number of tokens .{1,80}? exceeds the maximum)"),
              named("google-payload", REQUEST_TOO_LARGE, TOO_LARGE)
                  .saying("request payload size exceeds the limit"),
              named("google-day-sentence", QUOTA_EXHAUSTED, RAISE_LIMIT)
                  .saying("quota exceeded for (?:quota )?metric.{1,200}?\\bper day\\b"),
              named("google-capacity", OVERLOADED, OUT_OF_CAPACITY)
                  .saying(
                      "(?:no capacity available for model"
                          + "|(?:the|this) model is (?:currently )?(?:overloaded|experiencing high demand))")),
          List.of(
              named("google-rate-limit", RATE_LIMITED, SLOW_DOWN).classes("resource_exhausted"),
              named("google-unavailable", OVERLOADED, OUT_OF_CAPACITY).classes("unavailable"),
              named("google-deadline", TIMEOUT, GAVE_UP).classes("deadline_exceeded"),
              named("google-internal", SERVER_ERROR, OWN_FAULT).classes("internal"),
              named("google-unauthenticated", CREDENTIAL_REJECTED, REPLACE_KEY)
                  .classes("unauthenticated"),
              named("google-permission", ACCESS_DENIED, ASK_FOR_ACCESS)
                  .classes("permission_denied"),
              named("google-not-found", MODEL_NOT_FOUND, CORRECT_MODEL).classes("not_found"),
              named("google-invalid-argument", BAD_REQUEST, REQUEST_AT_FAULT)
                  .classes("invalid_argument", "failed_precondition", "out_of_range")
                  .under(200, 400)));

  private GoogleRules() {}
}
