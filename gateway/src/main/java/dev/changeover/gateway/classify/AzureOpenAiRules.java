package dev.changeover.gateway.classify;

import static dev.changeover.contract.Reason.ACCESS_DENIED;
import static dev.changeover.contract.Reason.ACCOUNT_DISABLED;
import static dev.changeover.contract.Reason.BAD_REQUEST;
import static dev.changeover.contract.Reason.CONTENT_FILTERED;
import static dev.changeover.contract.Reason.CONTEXT_TOO_LONG;
import static dev.changeover.contract.Reason.CREDENTIAL_REJECTED;
import static dev.changeover.contract.Reason.MODEL_NOT_FOUND;
import static dev.changeover.contract.Reason.OVERLOADED;
import static dev.changeover.contract.Reason.QUOTA_EXHAUSTED;
import static dev.changeover.contract.Reason.RATE_LIMITED;
import static dev.changeover.contract.Reason.SERVER_ERROR;
import static dev.changeover.gateway.classify.Advice.APPEAL;
import static dev.changeover.gateway.classify.Advice.ASK_FOR_ACCESS;
import static dev.changeover.gateway.classify.Advice.CALL_FROM_ELSEWHERE;
import static dev.changeover.gateway.classify.Advice.CORRECT_MODEL;
import static dev.changeover.gateway.classify.Advice.FILTERED;
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

/**
 * How Azure OpenAI says that it will not answer: often with the status as a word for its code, so
 * that the sentence tells.
 */
final class AzureOpenAiRules {
  static final RuleBook RULES =
      new RuleBook(
          List.of(
              named("azure-deployment", MODEL_NOT_FOUND, CORRECT_MODEL)
                  .classes("deploymentnotfound", "unknown_model", "operationnotsupported"),
              named("azure-rate-limit", RATE_LIMITED, SLOW_DOWN)
                  .classes("ratelimitreached", "toomanyrequests"),
              named("azure-filter", CONTENT_FILTERED, FILTERED)
                  .classes("responsibleaipolicyviolation"),
              named("azure-capacity", OVERLOADED, OUT_OF_CAPACITY).classes("nocapacity"),
              named("azure-key-not-taken", ACCESS_DENIED, WIDEN_KEY)
                  .classes("authenticationtypedisabled")
                  .holding(Scope.PROVIDER),
              named("azure-role", ACCESS_DENIED, WIDEN_KEY)
                  .classes("permissiondenied")
                  .holding(Scope.CREDENTIAL)),
          List.of(
              named("azure-resource-blocked", ACCOUNT_DISABLED, APPEAL)
                  .saying(
                      "your (?:resource|subscription|account) has been (?:temporarily |permanently )?(?:blocked|disabled|suspended)"),
              named("azure-key", CREDENTIAL_REJECTED, REPLACE_KEY)
                  .saying("access denied due to (?:invalid|missing|expired) subscription key"),
              named("azure-network", ACCESS_DENIED, CALL_FROM_ELSEWHERE)
                  .saying(
                      "(?:access denied due to virtual network/firewall rules"
                          + "|public access is disabled)")
                  .holding(Scope.PROVIDER),
              named("azure-role-sentence", ACCESS_DENIED, WIDEN_KEY)
                  .saying("the principal \\S{0,80} ?lacks the required data action")
                  .holding(Scope.CREDENTIAL),
              named("azure-volume", QUOTA_EXHAUSTED, RAISE_LIMIT)
                  .saying("out of call volume quota"),
              named("azure-rate-sentence", RATE_LIMITED, SLOW_DOWN)
                  .saying(
                      "(?:requests to the .{1,120}? have exceeded (?:the )?(?:call|token) rate limit of"
                          + "|your requests to .{1,160}? have exceeded (?:the )?(?:call |token )?rate limit)"),
              named("azure-deployment-sentence", MODEL_NOT_FOUND, CORRECT_MODEL)
                  .saying("the api deployment for this resource does not exist"),
              named("azure-filter-sentence", CONTENT_FILTERED, FILTERED)
                  .saying("the response was filtered due to the prompt triggering"),
              named("azure-demand", OVERLOADED, OUT_OF_CAPACITY)
                  .saying(
                      "(?:the system is currently experiencing high demand"
                          + "|that model is currently overloaded)"),
              named("azure-context", CONTEXT_TOO_LONG, SHORTEN)
                  .saying("this model's maximum context length is")),
          List.of(
              named("azure-bad-request", BAD_REQUEST, REQUEST_AT_FAULT)
                  .classes("badrequest", "400"),
              named("azure-unauthorized", CREDENTIAL_REJECTED, REPLACE_KEY)
                  .classes("unauthorized", "401"),
              named("azure-forbidden", ACCESS_DENIED, ASK_FOR_ACCESS).classes("forbidden", "403"),
              named("azure-too-fast", RATE_LIMITED, SLOW_DOWN).classes("429"),
              named("azure-server-error", SERVER_ERROR, OWN_FAULT)
                  .classes("internalservererror", "500")));

  private AzureOpenAiRules() {}
}
