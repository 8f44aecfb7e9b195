package dev.changeover.contract;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which vendor's API an origin speaks. */
public enum ProviderType {
  @JsonProperty("OpenAI")
  OPENAI("OpenAI"),
  @JsonProperty("Anthropic")
  ANTHROPIC("Anthropic"),
  /** OpenAI's API on anybody's server: vLLM, Ollama, Groq and the like. */
  @JsonProperty("OpenAICompatible")
  OPENAI_COMPATIBLE("OpenAICompatible");

  private final String word;

  ProviderType(String word) {
    this.word = word;
  }

  /** The word of the resource's {@code spec.type}. */
  public String word() {
    return word;
  }

  @Override
  public String toString() {
    return word;
  }
}
