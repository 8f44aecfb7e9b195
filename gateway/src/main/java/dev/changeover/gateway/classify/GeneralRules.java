package dev.changeover.gateway.classify;

import static dev.changeover.contract.Reason.ACCESS_DENIED;
import static dev.changeover.contract.Reason.ACCOUNT_DISABLED;
import static dev.changeover.contract.Reason.CONTEXT_TOO_LONG;
import static dev.changeover.contract.Reason.CREDENTIAL_REJECTED;
import static dev.changeover.contract.Reason.OVERLOADED;
import static dev.changeover.contract.Reason.STREAM_BROKEN;
import static dev.changeover.gateway.classify.Rule.named;

import dev.changeover.contract.Scope;
import java.util.List;

/**
 * Classes that mean the same wherever they are seen: those that others took over from OpenAI and
 * Anthropic, and a few that nobody uses for anything else. No sentences: those belong to one
 * provider.
 */
final class GeneralRules {
  private static final RuleBook OF_OTHERS =
      new RuleBook(
          List.of(
              named(
                      "organization-restricted",
                      ACCOUNT_DISABLED,
                      "The provider restricted the organization: write to its support.")
                  .classes("organization_restricted", "account_suspended", "account_disabled"),
              named(
                      "key-suspended",
                      ACCOUNT_DISABLED,
                      "The provider suspended this key or its project.")
                  .classes("consumer_suspended")
                  .holding(Scope.CREDENTIAL),
              named("key-invalid", CREDENTIAL_REJECTED, "The provider does not accept the key.")
                  .classes(
                      "api_key_invalid",
                      "unrecognizedclientexception",
                      "invalidsignatureexception",
                      "expiredtokenexception"),
              named("api-not-enabled", ACCESS_DENIED, Advice.SWITCH_API_ON)
                  .classes("service_disabled")
                  .holding(Scope.PROVIDER),
              named("capacity", OVERLOADED, Advice.OUT_OF_CAPACITY)
                  .classes(
                      "capacity_exceeded", "model_capacity_exhausted", "modelnotreadyexception"),
              named("too-many-tokens", CONTEXT_TOO_LONG, "The request has too many tokens.")
                  .classes(
                      "too_many_tokens", "too_many_prompt_tokens", "exceed_context_size_error"),
              named("stream-fault", STREAM_BROKEN, "The provider broke its own stream.")
                  .classes("modelstreamerrorexception")),
          List.of(),
          List.of());

  static final RuleBook RULES =
      OF_OTHERS
          .before(OpenAiRules.RULES.withoutSentences())
          .before(AnthropicRules.RULES.withoutSentences());

  private GeneralRules() {}
}
