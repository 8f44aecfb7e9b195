package dev.changeover.gateway.dialect;

/** One language of requests and answers. Callers speak all three, providers the first two. */
public enum Dialect {
  OPENAI_CHAT("openai"),
  ANTHROPIC_MESSAGES("anthropic"),
  GENERATE("generate");

  private final String word;

  Dialect(String word) {
    this.word = word;
  }

  /** The public word: label of metrics, key of the access log. */
  public String word() {
    return word;
  }

  /** Whether a provider can be asked in this dialect; {@link #GENERATE} is for callers only. */
  public boolean spokenByProviders() {
    return switch (this) {
      case OPENAI_CHAT, ANTHROPIC_MESSAGES -> true;
      case GENERATE -> false;
    };
  }

  /** What follows the provider's base URL, as that vendor's SDK takes it. */
  String path() {
    return switch (this) {
      case OPENAI_CHAT -> "/chat/completions";
      case ANTHROPIC_MESSAGES -> "/v1/messages";
      case GENERATE -> throw new IllegalArgumentException("no provider speaks generate");
    };
  }
}
