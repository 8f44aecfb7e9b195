package dev.changeover.gateway.attempt;

import dev.changeover.contract.ModelFacts;
import dev.changeover.contract.ProviderConfig;
import dev.changeover.contract.ProviderType;
import dev.changeover.contract.TargetConfig;
import dev.changeover.contract.Timeouts;
import dev.changeover.gateway.classify.HeaderView;
import dev.changeover.gateway.dialect.Dialect;
import dev.changeover.gateway.dialect.TargetShape;
import dev.changeover.gateway.upstream.Timing;
import java.util.Optional;
import java.util.OptionalInt;

/** What follows from a provider's type and from what is known of its models. */
final class Providers {
  private static final int UPSTREAM_ID_MAX = 128;

  private Providers() {}

  static Dialect dialect(ProviderType type) {
    return switch (type) {
      case ANTHROPIC -> Dialect.ANTHROPIC_MESSAGES;
      case OPENAI, OPENAI_COMPATIBLE -> Dialect.OPENAI_CHAT;
    };
  }

  static TargetShape shape(ProviderConfig provider, TargetConfig.Usable target) {
    Optional<ModelFacts> facts = provider.facts(target.model());
    return new TargetShape(
        target.model(),
        target.overrides(),
        facts.map(ModelFacts::maxOutputTokens).orElse(OptionalInt.empty()),
        facts.map(ModelFacts::reasoning).orElse(false),
        provider.type() == ProviderType.OPENAI);
  }

  static Timeouts timeouts(ProviderConfig provider, String model) {
    return provider.facts(model).map(ModelFacts::reasoning).orElse(false)
        ? Timing.forReasoning(provider.timeouts())
        : provider.timeouts();
  }

  /** The provider's own id of a request; empty without one, or where it is no plain word. */
  static String requestId(HeaderView headers) {
    return headers
        .first("request-id")
        .or(() -> headers.first("x-request-id"))
        .filter(id -> id.length() <= UPSTREAM_ID_MAX)
        .filter(id -> id.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '\\'))
        .orElse("");
  }
}
