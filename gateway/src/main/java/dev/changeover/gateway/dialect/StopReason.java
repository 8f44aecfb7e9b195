package dev.changeover.gateway.dialect;

/** Why a model stopped writing. */
public enum StopReason {
  /** It had said what it had to say. */
  STOP,
  /** It wrote one of the caller's stop sequences. */
  STOP_SEQUENCE,
  /** The token limit was reached. */
  LENGTH,
  /** The context window was full. */
  CONTEXT_FULL,
  /** It waits for the results of tools. */
  TOOL_CALLS,
  /** A long turn of the provider's own tools was paused; the caller is to send it back. */
  PAUSED,
  /** The provider's filter cut the answer. */
  FILTERED,
  /** The model or its provider refused. */
  REFUSED,
  /** A word that this gateway does not know. */
  OTHER;

  /** Whether an answer that says nothing is an answer all the same. */
  boolean explainsSilence() {
    return switch (this) {
      case LENGTH, CONTEXT_FULL, FILTERED, REFUSED, STOP_SEQUENCE, PAUSED -> true;
      case STOP, TOOL_CALLS, OTHER -> false;
    };
  }
}
