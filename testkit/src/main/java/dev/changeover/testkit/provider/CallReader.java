package dev.changeover.testkit.provider;

import java.util.Map;
import java.util.Optional;

/** Tells what a request asks for, in which dialect, and with whose key. */
record CallReader(Map<String, String> keys) {
  private static final String MODEL_PREFIX = "/v1/models/";

  Call read(int number, ReceivedRequest request, ChatRequest chat) {
    Endpoint endpoint = endpoint(request);
    Dialect dialect = dialect(request);
    String model =
        endpoint == Endpoint.MODEL ? request.path().substring(MODEL_PREFIX.length()) : chat.model();
    return new Call(
        number,
        endpoint,
        dialect,
        model,
        keyName(Wire.of(dialect).key(request)),
        chat.tag(),
        endpoint == Endpoint.CHAT && chat.streaming());
  }

  private String keyName(Optional<String> key) {
    return key.map(value -> keys.getOrDefault(value, Call.UNKNOWN_KEY)).orElse(Call.NO_KEY);
  }

  private static Endpoint endpoint(ReceivedRequest request) {
    String path = request.path();
    return switch (request.method()) {
      case "POST" ->
          switch (path) {
            case "/v1/chat/completions", "/v1/messages" -> Endpoint.CHAT;
            case "/v1/messages/count_tokens" -> Endpoint.COUNT_TOKENS;
            default -> Endpoint.UNKNOWN;
          };
      case "GET" -> {
        if (path.equals("/v1/models")) {
          yield Endpoint.MODELS;
        }
        yield path.startsWith(MODEL_PREFIX) ? Endpoint.MODEL : Endpoint.UNKNOWN;
      }
      default -> Endpoint.UNKNOWN;
    };
  }

  private static Dialect dialect(ReceivedRequest request) {
    return request.path().startsWith("/v1/messages")
            || request.header("anthropic-version").isPresent()
        ? Dialect.ANTHROPIC
        : Dialect.OPENAI;
  }
}
