package dev.changeover.testkit.provider;

/** What a request asks of the provider. */
public enum Endpoint {
  /** A chat completion, or a message. */
  CHAT,
  COUNT_TOKENS,
  MODELS,
  MODEL,
  /** A path or method that the vendor does not have. */
  UNKNOWN
}
