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
import static dev.changeover.contract.Reason.SERVER_ERROR;
import static dev.changeover.contract.Reason.TIMEOUT;
import static dev.changeover.gateway.classify.Advice.APPEAL;
import static dev.changeover.gateway.classify.Advice.ASK_FOR_ACCESS;
import static dev.changeover.gateway.classify.Advice.CALL_FROM_ELSEWHERE;
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
import static dev.changeover.gateway.classify.Advice.WIDEN_KEY;
import static dev.changeover.gateway.classify.Rule.named;

import dev.changeover.contract.Scope;
import java.util.List;

/**
 * How Amazon Bedrock says that it will not answer: the class of the exception stands in a header or
 * frame, and the commonest of them, like a missing right, only a sentence explains.
 */
final class BedrockRules {
  static final RuleBook RULES =
      new RuleBook(
          List.of(
              named("bedrock-overloaded", OVERLOADED, OUT_OF_CAPACITY)
                  .classes("serviceunavailableexception"),
              named("bedrock-quota", QUOTA_EXHAUSTED, RAISE_LIMIT)
                  .classes("servicequotaexceededexception"),
              named("bedrock-key", CREDENTIAL_REJECTED, REPLACE_KEY)
                  .classes(
                      "missingauthenticationtokenexception",
                      "incompletesignatureexception",
                      "invalidclienttokenid"),
              named("bedrock-timeout", TIMEOUT, GAVE_UP).classes("modeltimeoutexception"),
              named("bedrock-server-error", SERVER_ERROR, OWN_FAULT)
                  .classes("modelerrorexception", "internalserverexception", "internalfailure"),
              named("bedrock-not-found", MODEL_NOT_FOUND, CORRECT_MODEL)
                  .classes("resourcenotfoundexception")),
          List.of(
              named("bedrock-account-blocked", ACCOUNT_DISABLED, APPEAL)
                  .saying(
                      "(?:this|your) (?:aws )?account (?:is|has been) (?:currently )?(?:blocked|suspended|restricted)"),
              named("bedrock-payment", BILLING_INACTIVE, PAY)
                  .saying("model access is denied due to invalid_payment_instrument"),
              named("bedrock-key-sentence", CREDENTIAL_REJECTED, REPLACE_KEY)
                  .saying(
                      "(?:the security token included in the request is (?:invalid|expired)"
                          + "|authentication failed: please make sure your api key is valid"
                          + "|bearer token has expired)"),
              named("bedrock-rights", ACCESS_DENIED, WIDEN_KEY)
                  .saying("user: \\S{1,300} is not authorized to perform")
                  .holding(Scope.CREDENTIAL),
              named("bedrock-account-without-access", ACCESS_DENIED, ASK_FOR_ACCESS)
                  .saying(
                      "(?:your account is not authorized to invoke this api operation"
                          + "|operation not allowed(?:\\.|$))")
                  .holding(Scope.PROVIDER),
              named("bedrock-country", ACCESS_DENIED, CALL_FROM_ELSEWHERE)
                  .saying("access to [\\w ]{1,40} models is not allowed from unsupported"),
              named("bedrock-model", MODEL_NOT_FOUND, CORRECT_MODEL)
                  .saying(
                      "(?:the provided model identifier is invalid"
                          + "|invocation of model id \\S{1,200} with on-demand throughput isn't supported"
                          + "|this model version has reached the end of its life)"),
              named("bedrock-context", CONTEXT_TOO_LONG, SHORTEN)
                  .saying(
                      "(?:the model returned the following errors: )?(?:input tokens exceeded|input is too long|prompt is too long|too many input tokens)"),
              named("bedrock-filter", CONTENT_FILTERED, FILTERED)
                  .saying(
                      "(?:the model returned the following errors: )?(?:output|input) blocked by content filtering policy"),
              // every such allowance of AWS is one of one model
              named("bedrock-day", QUOTA_EXHAUSTED, RAISE_LIMIT)
                  .saying("too many (?:tokens|requests) per (?:day|month)")
                  .holding(Scope.MODEL)),
          List.of(
              named("bedrock-throttling", RATE_LIMITED, SLOW_DOWN)
                  .classes("throttlingexception", "throttledexception", "toomanyrequestsexception"),
              named("bedrock-access", ACCESS_DENIED, ASK_FOR_ACCESS)
                  .classes("accessdeniedexception"),
              named("bedrock-validation", BAD_REQUEST, REQUEST_AT_FAULT)
                  .classes("validationexception", "serializationexception", "validation_error")));

  private BedrockRules() {}
}
