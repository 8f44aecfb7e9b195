package dev.changeover.gateway.classify;

import static dev.changeover.contract.Reason.ACCESS_DENIED;
import static dev.changeover.contract.Reason.CONTEXT_TOO_LONG;
import static dev.changeover.contract.Reason.CREDENTIAL_REJECTED;
import static dev.changeover.contract.Reason.MODEL_NOT_FOUND;
import static dev.changeover.contract.Reason.OVERLOADED;
import static dev.changeover.contract.Reason.QUOTA_EXHAUSTED;
import static dev.changeover.contract.Reason.RATE_LIMITED;
import static dev.changeover.gateway.classify.Advice.ASK_FOR_ACCESS;
import static dev.changeover.gateway.classify.Advice.CORRECT_MODEL;
import static dev.changeover.gateway.classify.Advice.OUT_OF_CAPACITY;
import static dev.changeover.gateway.classify.Advice.RAISE_LIMIT;
import static dev.changeover.gateway.classify.Advice.REPLACE_KEY;
import static dev.changeover.gateway.classify.Advice.SHORTEN;
import static dev.changeover.gateway.classify.Advice.SLOW_DOWN;
import static dev.changeover.gateway.classify.Rule.named;

import java.util.List;

/**
 * How Ollama says that it will not answer, on a server of one's own and in its cloud: by sentence
 * alone.
 */
final class OllamaRules {
  static final RuleBook RULES =
      new RuleBook(
          List.of(),
          List.of(
              named("ollama-usage-limit", QUOTA_EXHAUSTED, RAISE_LIMIT)
                  .saying(
                      "you(?:'ve| have) reached your (?:hourly|daily|weekly|monthly|session) usage limit"),
              named("ollama-busy", OVERLOADED, OUT_OF_CAPACITY)
                  .saying("server busy, please try again"),
              named("ollama-concurrent", RATE_LIMITED, SLOW_DOWN)
                  .saying("too many concurrent requests"),
              named("ollama-key", CREDENTIAL_REJECTED, REPLACE_KEY)
                  .under(401)
                  .saying("unauthorized\\.?$"),
              named("ollama-subscription", ACCESS_DENIED, ASK_FOR_ACCESS)
                  .saying("this model requires a subscription"),
              named("ollama-model", MODEL_NOT_FOUND, CORRECT_MODEL)
                  .under(404)
                  .saying("model ['\\\"][^'\\\"]{1,160}['\\\"] not found"),
              named("ollama-context", CONTEXT_TOO_LONG, SHORTEN)
                  .saying(
                      "(?:prompt too long; exceeded max context length"
                          + "|the input length exceeds the context length)")),
          List.of());

  private OllamaRules() {}
}
