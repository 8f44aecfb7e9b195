package dev.changeover.gateway.dialect;

/** Which codec speaks which dialect. */
final class Codecs {
  private static final OpenAiChatCodec OPENAI = new OpenAiChatCodec();
  private static final AnthropicMessagesCodec ANTHROPIC = new AnthropicMessagesCodec();
  private static final GenerateCodec GENERATE = new GenerateCodec();

  private Codecs() {}

  static CallerCodec ofCaller(Dialect dialect) {
    return switch (dialect) {
      case OPENAI_CHAT -> OPENAI;
      case ANTHROPIC_MESSAGES -> ANTHROPIC;
      case GENERATE -> GENERATE;
    };
  }

  static ProviderCodec ofProvider(Dialect dialect) {
    return switch (dialect) {
      case OPENAI_CHAT -> OPENAI;
      case ANTHROPIC_MESSAGES -> ANTHROPIC;
      case GENERATE -> throw new IllegalArgumentException("no provider speaks generate");
    };
  }
}
