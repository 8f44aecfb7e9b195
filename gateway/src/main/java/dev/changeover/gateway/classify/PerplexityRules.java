package dev.changeover.gateway.classify;

import static dev.changeover.contract.Reason.BAD_REQUEST;
import static dev.changeover.contract.Reason.CONTEXT_TOO_LONG;
import static dev.changeover.contract.Reason.CREDENTIAL_REJECTED;
import static dev.changeover.contract.Reason.MODEL_NOT_FOUND;
import static dev.changeover.gateway.classify.Advice.CORRECT_MODEL;
import static dev.changeover.gateway.classify.Advice.REPLACE_KEY;
import static dev.changeover.gateway.classify.Advice.REQUEST_AT_FAULT;
import static dev.changeover.gateway.classify.Advice.SHORTEN;
import static dev.changeover.gateway.classify.Rule.named;

import java.util.List;

/** How Perplexity says that it will not answer: by a type that tells, beside a number. */
final class PerplexityRules {
  static final RuleBook RULES =
      new RuleBook(
          List.of(
              named("perplexity-model", MODEL_NOT_FOUND, CORRECT_MODEL).classes("invalid_model")),
          List.of(
              named("perplexity-model-sentence", MODEL_NOT_FOUND, CORRECT_MODEL)
                  .saying("invalid model ['\\\"]"),
              named("perplexity-key", CREDENTIAL_REJECTED, REPLACE_KEY)
                  .saying("invalid api key provided"),
              named("perplexity-context", CONTEXT_TOO_LONG, SHORTEN)
                  .saying("the total length of all messages is too long")),
          List.of(
              named("perplexity-bad-request", BAD_REQUEST, REQUEST_AT_FAULT)
                  .classes("bad_request", "invalid_parameter")
                  .under(200, 400)));

  private PerplexityRules() {}
}
