package dev.changeover.testkit.provider;

/** Whose HTTP API is spoken. */
public enum Dialect {
  OPENAI,
  ANTHROPIC
}
