package dev.changeover.gateway.classify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.contract.ProviderType;
import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An origin is known by its type, else by its host. */
class VendorTest {

  @ParameterizedTest
  @CsvSource({
    "https://api.openai.com/v1, OPENAI",
    "https://eu.api.openai.com/v1, OPENAI",
    "https://api.anthropic.com/v1, ANTHROPIC",
    "https://my-resource.openai.azure.com/openai/v1, AZURE_OPENAI",
    "https://my-resource.services.ai.azure.com/models, AZURE_OPENAI",
    "https://bedrock-runtime.eu-central-1.amazonaws.com/openai/v1, BEDROCK",
    "https://api.cohere.com/compatibility/v1, COHERE",
    "https://api.deepseek.com, DEEPSEEK",
    "https://generativelanguage.googleapis.com/v1beta/openai, GOOGLE",
    "https://us-central1-aiplatform.googleapis.com/v1, GOOGLE",
    "https://API.GROQ.com:443/openai/v1, GROQ",
    "https://api.mistral.ai/v1, MISTRAL",
    "https://ollama.com/v1, OLLAMA",
    "https://openrouter.ai/api/v1, OPENROUTER",
    "https://api.perplexity.ai, PERPLEXITY",
    "https://api.together.xyz/v1, TOGETHER",
    "https://api.x.ai/v1, XAI",
    "https://api.groq.com.example.org/v1, OTHER",
    "https://myapi.groq.com/v1, OTHER",
    "https://openai.azure.com/v1, OTHER",
    "https://api-groq.com/v1, OTHER",
    "http://[::1]:8000/v1, OTHER",
    "http://10.0.0.7:11434/v1, OTHER"
  })
  void hostTellsWhoAnswersAtACompatibleOrigin(URI baseUrl, Vendor vendor) {
    assertThat(Vendor.of(ProviderType.OPENAI_COMPATIBLE, baseUrl)).isEqualTo(vendor);
  }

  @ParameterizedTest
  @CsvSource({"OPENAI, OPENAI", "ANTHROPIC, ANTHROPIC"})
  void typeIsBelievedBeforeTheHost(ProviderType type, Vendor vendor) {
    assertThat(Vendor.of(type, URI.create("https://api.groq.com/v1"))).isEqualTo(vendor);
  }

  @ParameterizedTest
  @CsvSource({
    "word, word, true",
    "word, words, false",
    "*_limit, spend_limit, true",
    "*_limit, spend_limits, false",
    "invalid_request_*, invalid_request_error, true",
    "invalid_request_*, an_invalid_request_error, false",
    "*perday*, requestsperdayperproject, true",
    "*perday*permodel*, requestsperdaypermodel-freetier, true",
    "*perday*permodel*, requestspermodelperday, false",
    "ab*ba, aba, false",
    "ab*ba, abba, true",
    "*aa*aa*, aaa, false"
  })
  void starStandsForAnything(String word, String errorClass, boolean fits) {
    assertThat(Rule.matches(word, errorClass)).isEqualTo(fits);
  }
}
