package dev.changeover.gateway.classify;

import static dev.changeover.contract.Reason.CONTENT_FILTERED;
import static dev.changeover.contract.Reason.MALFORMED_RESPONSE;
import static dev.changeover.contract.Reason.OVERLOADED;
import static dev.changeover.contract.Reason.REFUSED;
import static dev.changeover.contract.Reason.SERVER_ERROR;
import static dev.changeover.gateway.classify.Rule.named;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a body under a success status holds: a usable answer, or why it is none. */
final class Answers {
  private static final Rule FILTERED =
      named("finish-content-filter", CONTENT_FILTERED, Advice.FILTERED);
  private static final Rule REFUSAL = named("finish-refusal", REFUSED, "The model declined.");
  private static final Rule NO_RESOURCE =
      named("finish-no-resource", OVERLOADED, "The provider ran out of capacity while answering.");
  private static final Rule FINISHED_WITH_ERROR =
      named("finish-error", SERVER_ERROR, "The provider ended its answer with an error.");
  private static final Rule NO_ANSWER =
      named("no-answer", MALFORMED_RESPONSE, "The provider answered with success and no answer.");

  /** Fields that hold an answer of another kind than a model's turn. */
  private static final Set<String> OTHER_ANSWERS =
      Set.of("data", "results", "embeddings", "embedding", "input_tokens", "models", "message");

  /** Why an answer is none, and the provider's own words for it. */
  record Unusable(Rule rule, String word, String message) {

    /** Whether there is neither an answer nor a reason for it. */
    boolean isNothing() {
      return rule.equals(NO_ANSWER);
    }
  }

  private Answers() {}

  /** What the word says with which an answer ended; nothing where it ended well. */
  static Optional<Rule> finish(String word) {
    return switch (Json.lower(word)) {
      case "content_filter",
          "content_filtered",
          "guardrail_intervened",
          "safety",
          "prohibited_content",
          "blocklist",
          "spii",
          "recitation",
          "image_safety",
          "image_prohibited_content",
          "model_armor",
          "error_toxic" ->
          Optional.of(FILTERED);
      case "refusal" -> Optional.of(REFUSAL);
      case "insufficient_system_resource" -> Optional.of(NO_RESOURCE);
      case "error" -> Optional.of(FINISHED_WITH_ERROR);
      default -> Optional.empty();
    };
  }

  static Optional<Unusable> judge(JsonNode body) {
    if (body.has("choices")) {
      return judgeChoices(body.path("choices"));
    }
    if (body.has("stop_reason") || body.path("content").isArray()) {
      return judgeMessage(body);
    }
    if (body.path("output").isArray()) {
      return judgeResponse(body);
    }
    if (body.has("candidates") || body.has("promptFeedback")) {
      return judgeCandidates(body);
    }
    return isAnswerOfAnotherKind(body) ? judgeEnd(body) : Optional.of(none());
  }

  private static Optional<Unusable> judgeEnd(JsonNode body) {
    String word = Json.text(body, "stopReason") + Json.text(body, "finish_reason");
    return finish(word).map(rule -> new Unusable(rule, word, ""));
  }

  private static boolean isAnswerOfAnotherKind(JsonNode body) {
    return OTHER_ANSWERS.stream()
            .map(body::path)
            .anyMatch(field -> field.isContainerNode() || field.isNumber())
        || body.path("output").isObject();
  }

  private static Unusable none() {
    return new Unusable(NO_ANSWER, "", "");
  }

  /** One good choice is an answer. */
  private static Optional<Unusable> judgeChoices(JsonNode choices) {
    return choices.isEmpty()
        ? Optional.of(none())
        : allUnusable(choices.valueStream().map(Answers::judgeChoice));
  }

  private static Optional<Unusable> allUnusable(Stream<Optional<Unusable>> parts) {
    var judged = parts.toList();
    return judged.stream().anyMatch(Optional::isEmpty) ? Optional.empty() : judged.getFirst();
  }

  private static Optional<Unusable> judgeChoice(JsonNode choice) {
    String finish = Json.text(choice, "finish_reason");
    Optional<Rule> rule = finish(finish);
    if (rule.isPresent()) {
      return rule.map(because -> new Unusable(because, finish, ""));
    }
    String refusal = Json.text(choice.path("message"), "refusal");
    if (!refusal.isBlank()) {
      return Optional.of(new Unusable(REFUSAL, "refusal", refusal));
    }
    boolean said = choice.path("message").isObject() || choice.path("text").isTextual();
    return said || !finish.isEmpty() ? Optional.empty() : Optional.of(none());
  }

  private static Optional<Unusable> judgeMessage(JsonNode message) {
    String stop = Json.text(message, "stop_reason");
    String explanation = Json.text(message.path("stop_details"), "explanation");
    Optional<Rule> rule = finish(stop);
    if (rule.isPresent()) {
      return rule.map(because -> new Unusable(because, stop, explanation));
    }
    return message.path("content").isEmpty() && stop.isEmpty()
        ? Optional.of(none())
        : Optional.empty();
  }

  private static Optional<Unusable> judgeResponse(JsonNode response) {
    String status = Json.text(response, "status");
    String because = Json.text(response.path("incomplete_details"), "reason");
    if (status.equals("incomplete")) {
      return finish(because).map(rule -> new Unusable(rule, because, ""));
    }
    if (status.equals("failed")) {
      return Optional.of(new Unusable(FINISHED_WITH_ERROR, status, ""));
    }
    if (response.path("output").isEmpty()) {
      return status.isEmpty() || status.equals("completed")
          ? Optional.of(none())
          : Optional.empty();
    }
    return response
        .path("output")
        .valueStream()
        .flatMap(item -> item.path("content").valueStream())
        .map(part -> Json.text(part, "refusal"))
        .filter(refusal -> !refusal.isBlank())
        .map(refusal -> new Unusable(REFUSAL, "refusal", refusal))
        .findFirst();
  }

  private static Optional<Unusable> judgeCandidates(JsonNode body) {
    String block = Json.text(body.path("promptFeedback"), "blockReason");
    if (!block.isEmpty()) {
      return Optional.of(new Unusable(FILTERED, block, ""));
    }
    JsonNode candidates = body.path("candidates");
    return candidates.isEmpty()
        ? Optional.of(none())
        : allUnusable(candidates.valueStream().map(Answers::judgeCandidate));
  }

  private static Optional<Unusable> judgeCandidate(JsonNode candidate) {
    String word = Json.text(candidate, "finishReason");
    return word.isEmpty() && candidate.path("content").isEmpty()
        ? Optional.of(none())
        : finish(word).map(rule -> new Unusable(rule, word, ""));
  }
}
