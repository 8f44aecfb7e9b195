package dev.changeover.contract;

/**
 * What one failure covers, from narrow to wide; the narrowest that keeps the fault from recurring.
 */
public enum Scope {
  /** Nothing is held: the request itself is the cause. */
  REQUEST,
  /** One model of the account, whichever of its keys is used. */
  MODEL,
  /** One key, all models; other keys of the account still work. */
  CREDENTIAL,
  /** The whole LlmProvider: one account at one origin. */
  PROVIDER
}
