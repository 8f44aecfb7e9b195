package dev.changeover.gateway.classify;

/** What the operator is told to do about a failure, in the words that several providers share. */
final class Advice {
  static final String APPEAL =
      "The provider disabled the account: read its mail and appeal; nothing else ends this.";
  static final String ASK_FOR_ACCESS =
      "The account may not use this model: ask the owner of the account for access.";
  static final String CALL_FROM_ELSEWHERE =
      "The provider refuses the address or country we call from: change the egress.";
  static final String CORRECT_MODEL =
      "The provider does not know this model: correct the target's model name.";
  static final String FILTERED = "The provider's filter stopped the prompt or the answer.";
  static final String GAVE_UP = "The provider gave up waiting for the model.";
  static final String OUT_OF_CAPACITY = "The provider lacks capacity for this model.";
  static final String OWN_FAULT = "The provider has a fault of its own.";
  static final String PAY = "Money is missing at the provider: buy credit or settle the bill.";
  static final String RAISE_LIMIT =
      "The spend or usage limit is reached: raise it at the provider or wait for its reset.";
  static final String REPLACE_KEY =
      "The provider does not accept the key: replace it in the Secret.";
  static final String REQUEST_AT_FAULT = "The request itself is at fault.";
  static final String SHORTEN = "The request has more tokens than the model can hold.";
  static final String SLOW_DOWN =
      "Calls come too fast for the account's limit: wait, or ask the provider for a higher one.";
  static final String SWITCH_API_ON = "Switch the provider's API on for the project.";
  static final String TOO_LARGE = "One request is larger than the provider ever takes.";
  static final String WIDEN_KEY =
      "The key's own rights are too small: widen its scopes, role or membership.";

  private Advice() {}
}
