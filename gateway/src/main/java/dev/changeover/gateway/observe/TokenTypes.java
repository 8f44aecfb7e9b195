package dev.changeover.gateway.observe;

import dev.changeover.gateway.dialect.Usage;
import java.util.Map;

/** The kinds of tokens that are counted; no token is in two of them. */
final class TokenTypes {
  static final String METER = "llm.tokens";
  static final String HELP = "Tokens: input, cached_input, cache_write, output, reasoning";

  private TokenTypes() {}

  static Map<String, Long> of(Usage usage) {
    return Map.of(
        "input", usage.input() - usage.cachedInput() - usage.cacheWrite(),
        "cached_input", usage.cachedInput(),
        "cache_write", usage.cacheWrite(),
        "output", usage.output() - usage.reasoning(),
        "reasoning", usage.reasoning());
  }
}
