package dev.changeover.gateway.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** Stop reasons and usage as OpenAI and its compatible servers spell them. */
final class OpenAiWords {
  private OpenAiWords() {}

  /** A finish reason that says the answer was not finished. */
  static boolean isFailure(String finishReason) {
    return switch (finishReason) {
      case "error", "insufficient_system_resource" -> true; // OpenRouter, Mistral; DeepSeek
      default -> false;
    };
  }

  static StopReason stopReason(String finishReason) {
    return switch (finishReason) {
      case "stop" -> StopReason.STOP;
      case "length", "model_length" -> StopReason.LENGTH;
      case "tool_calls", "function_call" -> StopReason.TOOL_CALLS;
      case "content_filter" -> StopReason.FILTERED;
      default -> StopReason.OTHER;
    };
  }

  static String word(StopReason reason) {
    return switch (reason) {
      case STOP, STOP_SEQUENCE, PAUSED, OTHER -> "stop";
      case LENGTH, CONTEXT_FULL -> "length";
      case TOOL_CALLS -> "tool_calls";
      case FILTERED, REFUSED -> "content_filter";
    };
  }

  static Optional<Usage> usage(JsonNode usage) {
    if (!usage.isObject()) {
      return Optional.empty();
    }
    JsonNode prompt = usage.path("prompt_tokens_details");
    long cached =
        prompt.path("cached_tokens").asLong(usage.path("prompt_cache_hit_tokens").asLong());
    return Optional.of(
        new Usage(
            usage.path("prompt_tokens").asLong(),
            cached,
            prompt.path("cache_write_tokens").asLong(),
            usage.path("completion_tokens").asLong(),
            usage.path("completion_tokens_details").path("reasoning_tokens").asLong()));
  }

  static ObjectNode usage(Usage usage) {
    ObjectNode node =
        Json.object()
            .put("prompt_tokens", usage.input())
            .put("completion_tokens", usage.output())
            .put("total_tokens", usage.total());
    ObjectNode prompt =
        node.putObject("prompt_tokens_details").put("cached_tokens", usage.cachedInput());
    if (usage.cacheWrite() > 0) {
      prompt.put("cache_write_tokens", usage.cacheWrite());
    }
    if (usage.reasoning() > 0) {
      node.putObject("completion_tokens_details").put("reasoning_tokens", usage.reasoning());
    }
    return node;
  }
}
