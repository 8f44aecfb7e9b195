package dev.changeover.gateway.plan;

/**
 * A target that this run leaves out: it cannot be used, or cannot carry this request.
 *
 * @param target its name in the route
 * @param reason one word, such as {@link #UNTRANSLATABLE}
 * @param message one sentence, safe to show to anybody
 */
public record Skipped(String target, String reason, String message) {
  /** The target's dialect cannot carry the request. */
  public static final String UNTRANSLATABLE = "Untranslatable";
}
