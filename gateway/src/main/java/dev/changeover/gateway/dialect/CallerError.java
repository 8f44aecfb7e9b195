package dev.changeover.gateway.dialect;

import java.util.Optional;

/**
 * An error as the caller is told of it, in the words of each dialect. The factories are the rows of
 * the public table; {@link ErrorBodies} writes the bytes.
 *
 * @param status the HTTP status for callers of OpenAI's dialect and of {@code generate}
 * @param anthropicStatus the HTTP status for Anthropic's callers
 * @param openAiType OpenAI's {@code type}
 * @param code OpenAI's {@code code}
 * @param anthropicType Anthropic's {@code type}
 * @param message for a person: what is wrong and what to do; no key, no prompt
 * @param param the field it is about
 * @param reason our word for it, in PascalCase, for {@code generate}
 * @param requestId ours
 */
public record CallerError(
    int status,
    int anthropicStatus,
    String openAiType,
    String code,
    String anthropicType,
    String message,
    Optional<String> param,
    String reason,
    String requestId) {
  private static final String INVALID = "invalid_request_error";

  public CallerError {
    if (status < 400 || status > 599 || anthropicStatus < 400 || anthropicStatus > 599) {
      throw new IllegalArgumentException("an error's status is a 4xx or 5xx");
    }
  }

  /** The HTTP status for this dialect's callers. */
  public int status(Dialect dialect) {
    return switch (dialect) {
      case OPENAI_CHAT, GENERATE -> status;
      case ANTHROPIC_MESSAGES -> anthropicStatus;
    };
  }

  /**
   * Whether asking again may help, so that {@code x-should-retry} may be true when a target is soon
   * back; for every other error it is false.
   */
  public boolean retryMayHelp() {
    return status == 429 || status == 503;
  }

  /** No key, or one that is not known here. */
  public static CallerError badKey(String message, String requestId) {
    return of(401, INVALID, "invalid_api_key", "authentication_error", message)
        .with(Optional.empty(), "Unauthorized", requestId);
  }

  /** No route of this caller has the model's name; forbidden looks the same as unknown. */
  public static CallerError unknownModel(String model, String requestId) {
    String message =
        "The model '"
            + shortened(model)
            + "' is not served here: use one of the names that GET /v1/models lists.";
    return of(404, INVALID, "model_not_found", "not_found_error", message)
        .with(Optional.of("model"), "UnknownModel", requestId);
  }

  /** A request that cannot be read, as {@link InboundRequest#read} found. */
  public static CallerError mistake(Reading.Mistaken mistaken, String requestId) {
    return mistake(mistaken.status(), mistaken.message(), mistaken.param(), requestId);
  }

  /** A request that is wrong, as found here or said by the provider. */
  public static CallerError mistake(
      int status, String message, Optional<String> param, String requestId) {
    return status == 413
        ? of(413, INVALID, "request_too_large", "request_too_large", message)
            .with(param, "RequestTooLarge", requestId)
        : of(400, INVALID, "invalid_request", INVALID, message)
            .with(param, "BadRequest", requestId);
  }

  /** A body above the gateway's own limit. */
  public static CallerError bodyTooLarge(long limitBytes, String requestId) {
    return mistake(
        413,
        "The body is larger than " + limitBytes + " bytes: send a shorter conversation.",
        Optional.empty(),
        requestId);
  }

  /** A request's line (414) or headers (431) above the gateway's own limit. */
  public static CallerError headTooLarge(int status, String message, String requestId) {
    return of(status, INVALID, "invalid_request", INVALID, message)
        .with(Optional.empty(), "BadRequest", requestId);
  }

  /** Nothing serves this path. */
  public static CallerError unknownPath(String requestId) {
    String message =
        "There is nothing at this path: use POST /v1/chat/completions, POST /v1/messages,"
            + " POST /v1/generate or GET /v1/models.";
    return of(404, INVALID, "unknown_url", "not_found_error", message)
        .with(Optional.empty(), "UnknownPath", requestId);
  }

  /** The path takes another method. */
  public static CallerError wrongMethod(String allowed, String requestId) {
    String message = "This path takes " + allowed + " only.";
    return of(405, INVALID, "method_not_allowed", INVALID, message)
        .with(Optional.empty(), "WrongMethod", requestId);
  }

  /** Every target of the route asks for time, or a limit of our own does. */
  public static CallerError rateLimited(String message, String requestId) {
    return of(429, "requests", "rate_limit_exceeded", "rate_limit_error", message)
        .with(Optional.empty(), "RateLimited", requestId);
  }

  /** No target of the route could answer, or this gateway is full. */
  public static CallerError noTarget(String message, String requestId) {
    return new CallerError(
        503,
        529,
        "server_error",
        "no_target_available",
        "overloaded_error",
        message,
        Optional.empty(),
        "Exhausted",
        requestId);
  }

  /** The deadline passed before any target answered. */
  public static CallerError deadline(String message, String requestId) {
    return of(504, "server_error", "timeout", "timeout_error", message)
        .with(Optional.empty(), "Timeout", requestId);
  }

  /** A stream that broke after its first content; told inside the stream, where no status is. */
  public static CallerError streamBroken(String message, String reason, String requestId) {
    return of(502, "server_error", "stream_broken", "api_error", message)
        .with(Optional.empty(), reason, requestId);
  }

  /** A mistake of our own. */
  public static CallerError internal(String requestId) {
    String message =
        "The gateway made a mistake; the log has the details under request id " + requestId + ".";
    return of(500, "server_error", "internal_error", "api_error", message)
        .with(Optional.empty(), "Internal", requestId);
  }

  private static CallerError of(
      int status, String openAiType, String code, String anthropicType, String message) {
    return new CallerError(
        status, status, openAiType, code, anthropicType, message, Optional.empty(), "", "");
  }

  private CallerError with(Optional<String> param, String reason, String requestId) {
    return new CallerError(
        status,
        anthropicStatus,
        openAiType,
        code,
        anthropicType,
        message,
        param,
        reason,
        requestId);
  }

  private static String shortened(String name) {
    return name.length() <= InboundRequest.MODEL_NAME_MAX
        ? name
        : name.substring(0, InboundRequest.MODEL_NAME_MAX) + "…";
  }
}
