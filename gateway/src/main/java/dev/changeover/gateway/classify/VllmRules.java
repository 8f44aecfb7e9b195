package dev.changeover.gateway.classify;

import static dev.changeover.contract.Reason.BAD_REQUEST;
import static dev.changeover.contract.Reason.CONTEXT_TOO_LONG;
import static dev.changeover.contract.Reason.MODEL_NOT_FOUND;
import static dev.changeover.contract.Reason.OVERLOADED;
import static dev.changeover.contract.Reason.SERVER_ERROR;
import static dev.changeover.gateway.classify.Advice.CORRECT_MODEL;
import static dev.changeover.gateway.classify.Advice.OUT_OF_CAPACITY;
import static dev.changeover.gateway.classify.Advice.OWN_FAULT;
import static dev.changeover.gateway.classify.Advice.REQUEST_AT_FAULT;
import static dev.changeover.gateway.classify.Advice.SHORTEN;
import static dev.changeover.gateway.classify.Rule.named;

import java.util.List;

/** How vLLM says that it will not answer, whoever runs it: by the name of a Python exception. */
final class VllmRules {
  static final RuleBook RULES =
      new RuleBook(
          List.of(
              named("vllm-model", MODEL_NOT_FOUND, CORRECT_MODEL)
                  .classes("notfounderror")
                  .under(200, 404),
              named("vllm-server-error", SERVER_ERROR, OWN_FAULT).classes("internalservererror"),
              named("vllm-unavailable", OVERLOADED, OUT_OF_CAPACITY)
                  .classes("serviceunavailableerror")),
          List.of(
              named("vllm-context", CONTEXT_TOO_LONG, SHORTEN)
                  .saying(
                      "(?:you passed \\d+ input (?:tokens|characters) and requested"
                          + "|this model's maximum context length is"
                          + "|(?:the|this) (?:decoder|encoder|engine)? ?prompt (?:\\(?length|contains) .{1,80}? (?:is )?longer than the maximum model length)")),
          List.of(
              named("vllm-bad-request", BAD_REQUEST, REQUEST_AT_FAULT)
                  .classes("badrequesterror", "validationerror")
                  .under(200, 400, 422)));

  private VllmRules() {}
}
