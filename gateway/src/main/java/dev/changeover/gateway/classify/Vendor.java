package dev.changeover.gateway.classify;

import dev.changeover.contract.ProviderType;
import dev.changeover.contract.Reason;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Whose errors are read: each provider is one row here and one file of rules. A row names the hosts
 * at which the provider itself answers; a star in one stands for any labels.
 */
@SuppressWarnings(
    "ImmutableEnumChecker") // the lists in rules and hosts are copies that nobody changes
public enum Vendor {
  OPENAI(OpenAiRules.RULES, "api.openai.com", "*.api.openai.com"),
  ANTHROPIC(AnthropicRules.RULES, "api.anthropic.com"),
  AZURE_OPENAI(
      AzureOpenAiRules.RULES,
      "*.openai.azure.com",
      "*.cognitiveservices.azure.com",
      "*.services.ai.azure.com"),
  BEDROCK(
      BedrockRules.RULES,
      "bedrock-runtime.*.amazonaws.com",
      "bedrock-runtime-fips.*.amazonaws.com",
      "bedrock-mantle.*.api.aws"),
  COHERE(CohereRules.RULES, "api.cohere.com", "api.cohere.ai"),
  DEEPSEEK(DeepSeekRules.RULES, "api.deepseek.com"),
  /** Gemini and Vertex. */
  GOOGLE(
      GoogleRules.RULES,
      "generativelanguage.googleapis.com",
      "aiplatform.googleapis.com",
      "*-aiplatform.googleapis.com"),
  GROQ(GroqRules.RULES, "api.groq.com"),
  MISTRAL(MistralRules.RULES, "api.mistral.ai", "codestral.mistral.ai"),
  OLLAMA(OllamaRules.RULES, "ollama.com", "api.ollama.com"),
  OPENROUTER(OpenRouterRules.RULES, "openrouter.ai", "*.openrouter.ai"),
  PERPLEXITY(PerplexityRules.RULES, "api.perplexity.ai"),
  TOGETHER(TogetherRules.RULES, "api.together.xyz", "api.together.ai"),
  XAI(XaiRules.RULES, "api.x.ai", "*.api.x.ai"),
  /** Any other origin: as the servers speak that anybody can run, else by status. */
  OTHER(VllmRules.RULES.before(OllamaRules.RULES));

  private final RuleBook rules;
  private final List<String> hosts;

  Vendor(RuleBook rules, String... hosts) {
    this.rules = rules.before(GeneralRules.RULES);
    this.hosts = List.of(hosts);
  }

  /** Who answers at an origin: who its type says, else whose host it is. */
  public static Vendor of(ProviderType type, URI baseUrl) {
    return switch (type) {
      case OPENAI -> OPENAI;
      case ANTHROPIC -> ANTHROPIC;
      case OPENAI_COMPATIBLE -> at(baseUrl.getHost().toLowerCase(Locale.ROOT));
    };
  }

  private static Vendor at(String host) {
    return Stream.of(values())
        .filter(vendor -> vendor.hosts.stream().anyMatch(own -> Rule.matches(own, host)))
        .findFirst()
        .orElse(OTHER);
  }

  /** What a failure was taken for, and whether that is weak evidence. */
  record Verdict(Rule rule, boolean weak) {}

  /** The first rule that fits, or what the status says. */
  Verdict judge(Told told) {
    return rules
        .judge(told)
        .map(match -> verdict(match.rule(), match.bySentence()))
        .orElseGet(() -> verdict(StatusRules.of(told), true));
  }

  /** Unknown origins may say anything: words and bare statuses of theirs are no proof. */
  private Verdict verdict(Rule rule, boolean byWordsOrStatus) {
    boolean definite = rule.reason().certainty() == Reason.Certainty.DEFINITE;
    return new Verdict(rule, definite && byWordsOrStatus && this == OTHER);
  }
}
