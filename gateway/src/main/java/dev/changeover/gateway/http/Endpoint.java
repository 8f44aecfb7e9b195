package dev.changeover.gateway.http;

import dev.changeover.gateway.dialect.Dialect;
import java.util.Optional;

/** What a path leads to. */
sealed interface Endpoint {
  String CHAT = "/v1/chat/completions";
  String MESSAGES = "/v1/messages";
  String GENERATE = "/v1/generate";
  String MODELS = "/v1/models";

  /** The header that Anthropic's clients send wherever they go. */
  String ANTHROPIC_VERSION = "anthropic-version";

  /** A model is to answer, in this dialect. */
  record Answer(Dialect dialect) implements Endpoint {}

  /** The models are listed. */
  record ModelList() implements Endpoint {}

  /** One model is described. */
  record Model(String id) implements Endpoint {}

  /** Nothing is there. */
  record Nothing() implements Endpoint {}

  /** What its caller speaks: the path says it, or else whether Anthropic's version is named. */
  default Dialect dialect(boolean namesAnthropicVersion) {
    return switch (this) {
      case Answer(Dialect dialect) -> dialect;
      case ModelList _, Model _, Nothing _ ->
          namesAnthropicVersion ? Dialect.ANTHROPIC_MESSAGES : Dialect.OPENAI_CHAT;
    };
  }

  /** The one method that it takes; empty where nothing is. */
  default Optional<String> method() {
    return switch (this) {
      case Answer _ -> Optional.of("POST");
      case ModelList _, Model _ -> Optional.of("GET");
      case Nothing _ -> Optional.empty();
    };
  }

  /** What a path without its namespace leads to. */
  static Endpoint of(String path) {
    return switch (path) {
      case CHAT -> new Answer(Dialect.OPENAI_CHAT);
      case MESSAGES -> new Answer(Dialect.ANTHROPIC_MESSAGES);
      case GENERATE -> new Answer(Dialect.GENERATE);
      case MODELS -> new ModelList();
      default ->
          path.startsWith(MODELS + "/") && path.length() > MODELS.length() + 1
              ? new Model(path.substring(MODELS.length() + 1))
              : new Nothing();
    };
  }
}
