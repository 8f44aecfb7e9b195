package dev.changeover.gateway.dialect;

import dev.changeover.contract.Overrides;
import java.util.OptionalInt;

/**
 * What a body for one target depends on.
 *
 * @param model the name by which the provider knows the model
 * @param maxOutputTokens the most that the model writes, where that is known
 * @param reasoning whether the model reasons before it answers
 * @param openAiOrigin whether the origin is OpenAI's own: it wants {@code max_completion_tokens}
 *     where compatible servers often know {@code max_tokens} only, and its reasoning models refuse
 *     sampling parameters and stop sequences
 */
public record TargetShape(
    String model,
    Overrides overrides,
    OptionalInt maxOutputTokens,
    boolean reasoning,
    boolean openAiOrigin) {
  public TargetShape {
    if (model.isEmpty()) {
      throw new IllegalArgumentException("a target names a model");
    }
    if (maxOutputTokens.isPresent() && maxOutputTokens.getAsInt() < 1) {
      throw new IllegalArgumentException("maxOutputTokens is at least 1");
    }
  }
}
