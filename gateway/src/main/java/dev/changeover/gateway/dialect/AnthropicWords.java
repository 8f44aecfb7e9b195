package dev.changeover.gateway.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** Stop reasons and usage as Anthropic spells them. */
final class AnthropicWords {
  private AnthropicWords() {}

  static StopReason stopReason(String word) {
    return switch (word) {
      case "end_turn" -> StopReason.STOP;
      case "max_tokens" -> StopReason.LENGTH;
      case "stop_sequence" -> StopReason.STOP_SEQUENCE;
      case "tool_use" -> StopReason.TOOL_CALLS;
      case "pause_turn" -> StopReason.PAUSED;
      case "refusal" -> StopReason.REFUSED;
      case "model_context_window_exceeded" -> StopReason.CONTEXT_FULL;
      default -> StopReason.OTHER;
    };
  }

  static String word(StopReason reason) {
    return switch (reason) {
      case STOP, OTHER -> "end_turn";
      case LENGTH -> "max_tokens";
      case STOP_SEQUENCE -> "stop_sequence";
      case TOOL_CALLS -> "tool_use";
      case PAUSED -> "pause_turn";
      case FILTERED, REFUSED -> "refusal";
      case CONTEXT_FULL -> "model_context_window_exceeded";
    };
  }

  static Optional<Usage> usage(JsonNode usage) {
    return usage.isObject() ? Optional.of(usage(usage, NONE)) : Optional.empty();
  }

  static final Usage NONE = new Usage(0, 0, 0, 0, 0);

  /** A stream counts in instalments: what this one does not say stays as it was. */
  static Usage usage(JsonNode usage, Usage before) {
    long fresh =
        usage
            .path("input_tokens")
            .asLong(before.input() - before.cachedInput() - before.cacheWrite());
    long cached = usage.path("cache_read_input_tokens").asLong(before.cachedInput());
    long written = usage.path("cache_creation_input_tokens").asLong(before.cacheWrite());
    long reasoning =
        usage.path("output_tokens_details").path("thinking_tokens").asLong(before.reasoning());
    return new Usage(
        fresh + cached + written,
        cached,
        written,
        usage.path("output_tokens").asLong(before.output()),
        reasoning);
  }

  /** Anthropic's input leaves out what was read from a cache or written to one. */
  static ObjectNode usage(Usage usage) {
    return Json.object()
        .put("input_tokens", usage.input() - usage.cachedInput() - usage.cacheWrite())
        .put("cache_creation_input_tokens", usage.cacheWrite())
        .put("cache_read_input_tokens", usage.cachedInput())
        .put("output_tokens", usage.output());
  }
}
