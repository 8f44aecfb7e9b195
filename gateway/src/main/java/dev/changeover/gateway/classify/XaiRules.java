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
import static dev.changeover.gateway.classify.Advice.APPEAL;
import static dev.changeover.gateway.classify.Advice.ASK_FOR_ACCESS;
import static dev.changeover.gateway.classify.Advice.CORRECT_MODEL;
import static dev.changeover.gateway.classify.Advice.FILTERED;
import static dev.changeover.gateway.classify.Advice.OUT_OF_CAPACITY;
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
 * How xAI says that it will not answer: the error is a sentence, and the code beside it is a phrase
 * that means several things.
 */
final class XaiRules {
  static final RuleBook RULES =
      new RuleBook(
          List.of(
              named("xai-spend-limit", QUOTA_EXHAUSTED, RAISE_LIMIT).classes("*:spending-limit"),
              named("xai-bad-key", CREDENTIAL_REJECTED, REPLACE_KEY).classes("unauthenticated:*")),
          List.of(
              named("xai-key-blocked", ACCOUNT_DISABLED, APPEAL)
                  .saying(
                      "(?:your|this) api key (?:is|has been) (?:currently )?(?:blocked|disabled)")
                  .holding(Scope.CREDENTIAL),
              named("xai-team-blocked", ACCOUNT_DISABLED, APPEAL)
                  .saying(
                      "(?:your|this) (?:team|account)(?: [\\w-]{1,80})? (?:is|has been) (?:currently )?(?:blocked|disabled|suspended|banned)"),
              named("xai-key", CREDENTIAL_REJECTED, REPLACE_KEY)
                  .saying("(?:incorrect api key provided|no api key provided|invalid api key)"),
              named("xai-credits", QUOTA_EXHAUSTED, RAISE_LIMIT)
                  .saying(
                      "(?:your team \\S{1,80} has either used all available credits"
                          + "|you have run out of credits)"),
              named("xai-no-credits", BILLING_INACTIVE, PAY)
                  .saying("your newly created team.{0,20} any credits yet"),
              named("xai-filter", CONTENT_FILTERED, FILTERED)
                  .saying("content violates usage guidelines"),
              named("xai-model", MODEL_NOT_FOUND, CORRECT_MODEL)
                  .saying("the model \\S{1,120} (?:does not exist|was deprecated|is deprecated)"),
              named("xai-context", CONTEXT_TOO_LONG, SHORTEN)
                  .saying("this model's maximum (?:prompt|context) length is"),
              named("xai-rate", RATE_LIMITED, SLOW_DOWN).saying("too many requests for team"),
              named("xai-capacity", OVERLOADED, OUT_OF_CAPACITY)
                  .saying(
                      "(?:service temporarily unavailable|the model is (?:currently )?at capacity)")),
          List.of(
              named("xai-exhausted", RATE_LIMITED, SLOW_DOWN)
                  .classes("some resource has been exhausted"),
              named("xai-permission", ACCESS_DENIED, ASK_FOR_ACCESS)
                  .classes(
                      "permission-denied",
                      "the caller does not have permission to execute the specified operation"),
              named("xai-not-found", MODEL_NOT_FOUND, CORRECT_MODEL)
                  .classes("some requested entity was not found"),
              named("xai-unavailable", OVERLOADED, OUT_OF_CAPACITY)
                  .classes("the service is currently unavailable"),
              named("xai-invalid-argument", BAD_REQUEST, REQUEST_AT_FAULT)
                  .classes("invalid-argument", "client specified an invalid argument")));

  private XaiRules() {}
}
