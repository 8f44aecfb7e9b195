package dev.changeover.testkit.provider;

import dev.changeover.testkit.provider.Fault.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The vendors' own error replies, as recorded. */
public final class VendorReplies {
  private VendorReplies() {}

  /** The recorded reply of this id in {@code provider-errors.jsonl}. */
  public static Reply recorded(String id) {
    return RecordedReplies.reply(id);
  }

  /** The ids of all whole HTTP replies recorded of a vendor, such as {@code openai}. */
  public static List<String> recordedIds(String vendor) {
    return RecordedReplies.ids(vendor);
  }

  /** The ban. */
  public static Reply anthropicOrganizationDisabled() {
    return recorded("anthropic-400-organization-disabled");
  }

  public static Reply anthropicInvalidKey() {
    return recorded("anthropic-401-invalid-key");
  }

  /** The vendor's edge refuses the country. */
  public static Reply anthropicForbidden() {
    return recorded("anthropic-403-region-forbidden");
  }

  public static Reply anthropicModelNotFound() {
    return recorded("anthropic-404-model");
  }

  public static Reply anthropicCreditTooLow() {
    return recorded("anthropic-400-credit-too-low");
  }

  /** A rate limit with its wait, in whole seconds. */
  public static Reply anthropicRateLimited(Duration wait) {
    return anthropicRateLimited()
        .with("retry-after", Long.toString(wholeSeconds(wait)))
        .with("x-should-retry", "true");
  }

  /** A rate limit that names no wait. */
  public static Reply anthropicRateLimited() {
    return anthropic(
        429,
        "rate_limit_error",
        "This request would exceed your organization's rate limit of 30,000 input tokens per"
            + " minute (org: 00000000-0000-4000-8000-000000000001, model: claude-sonnet-4-5).");
  }

  public static Reply anthropicServerError() {
    return anthropic(500, "api_error", "Internal server error");
  }

  public static Reply anthropicOverloaded() {
    return recorded("anthropic-529-overloaded");
  }

  /** The ban. */
  public static Reply openAiAccountDeactivated() {
    return recorded("openai-401-account-deactivated");
  }

  public static Reply openAiInvalidKey() {
    return recorded("openai-401-invalid-key");
  }

  /** The vendor refuses the country. */
  public static Reply openAiForbidden() {
    return recorded("openai-403-country");
  }

  public static Reply openAiModelNotFound() {
    return recorded("openai-404-model-not-found");
  }

  public static Reply openAiInsufficientQuota() {
    return recorded("openai-429-insufficient-quota");
  }

  /** A rate limit with its wait, to the millisecond. */
  public static Reply openAiRateLimited(Duration wait) {
    return openAiRateLimited()
        .with("retry-after", Long.toString(wholeSeconds(wait)))
        .with("retry-after-ms", Long.toString(wait.toMillis()));
  }

  /** A rate limit that names no wait. */
  public static Reply openAiRateLimited() {
    return openAi(
        429,
        "Rate limit reached for gpt-4o in organization org-EXAMPLE00001 on tokens per min (TPM):"
            + " Limit 30000, Used 30000, Requested 812.",
        "tokens",
        "\"rate_limit_exceeded\"");
  }

  public static Reply openAiServerError() {
    return recorded("openai-500-server-error");
  }

  /** OpenAI's word for what Anthropic says with 529. */
  public static Reply openAiOverloaded() {
    return openAi(
        503,
        "The engine is currently overloaded, please try again later",
        "service_unavailable_error",
        "\"server_is_overloaded\"");
  }

  private static Reply openAi(int status, String message, String type, String code) {
    return new Reply(
        status,
        Map.of("x-request-id", "req_example000000009"),
        "{\"error\":{\"message\":\"%s\",\"type\":\"%s\",\"param\":null,\"code\":%s}}"
            .formatted(message, type, code));
  }

  private static Reply anthropic(int status, String type, String message) {
    return new Reply(
        status,
        Map.of("request-id", "req_example039"),
        ("{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":\"%s\"},"
                + "\"request_id\":\"req_example039\"}")
            .formatted(type, message));
  }

  private static long wholeSeconds(Duration wait) {
    return wait.plusMillis(999).toSeconds();
  }
}
