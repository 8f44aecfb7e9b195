package dev.changeover.gateway.dialect;

import com.fasterxml.jackson.core.JsonToken;
import dev.changeover.gateway.dialect.BodyScan.Field;
import dev.changeover.gateway.dialect.Reading.Mistaken;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a body must have before it can be routed. The first finding is told; everything else is for
 * the provider to judge.
 */
final class RequestRules {
  private static final List<Function<BodyScan, Optional<Mistaken>>> ANY =
      List.of(
          RequestRules::fieldStandsTwice,
          RequestRules::hasTooManyFields,
          RequestRules::streamIsNoBoolean);
  private static final List<Function<BodyScan, Optional<Mistaken>>> OPENAI =
      List.of(
          RequestRules::modelIsMissing,
          RequestRules::modelIsTooLong,
          RequestRules::messagesAreMissing,
          RequestRules::messageIsNoObject,
          RequestRules::streamOptionsAreNoObject);
  private static final List<Function<BodyScan, Optional<Mistaken>>> ANTHROPIC =
      List.of(
          RequestRules::modelIsMissing,
          RequestRules::modelIsTooLong,
          RequestRules::messagesAreMissing,
          RequestRules::messageIsNoObject,
          RequestRules::maxTokensAreMissing,
          RequestRules::systemIsNoText);
  private static final List<Function<BodyScan, Optional<Mistaken>>> GENERATE =
      List.of(
          RequestRules::promptIsMissing,
          RequestRules::modelIsNoText,
          RequestRules::modelIsTooLong,
          RequestRules::maxTokensAreNoCount,
          RequestRules::temperatureIsOutOfRange,
          RequestRules::metadataIsNoObject);

  private RequestRules() {}

  static Optional<Mistaken> firstMistake(Dialect dialect, BodyScan scan) {
    List<Function<BodyScan, Optional<Mistaken>>> own =
        switch (dialect) {
          case OPENAI_CHAT -> OPENAI;
          case ANTHROPIC_MESSAGES -> ANTHROPIC;
          case GENERATE -> GENERATE;
        };
    return first(ANY, scan).or(() -> first(own, scan));
  }

  private static Optional<Mistaken> first(
      List<Function<BodyScan, Optional<Mistaken>>> rules, BodyScan scan) {
    return rules.stream().flatMap(rule -> rule.apply(scan).stream()).findFirst();
  }

  private static Optional<Mistaken> fieldStandsTwice(BodyScan scan) {
    return scan.duplicate()
        .flatMap(name -> {
          String shown = shortened(name);
          return mistake(shown, "stands twice: keep one of them.");
        });
  }

  private static Optional<Mistaken> hasTooManyFields(BodyScan scan) {
    return scan.tooManyFields()
        ? Optional.of(
            new Mistaken(
                "The body has more than " + BodyScan.FIELDS_MAX + " fields: send fewer.",
                Optional.empty(),
                400))
        : Optional.empty();
  }

  private static Optional<Mistaken> streamIsNoBoolean(BodyScan scan) {
    return scan.value("stream").filter(field -> !field.token().isBoolean()).isPresent()
        ? mistake("stream", "must be true or false.")
        : Optional.empty();
  }

  private static Optional<Mistaken> modelIsMissing(BodyScan scan) {
    if (scan.value("model").isEmpty()) {
      return mistake("model", "required: name one of the models that GET /v1/models lists.");
    }
    return scan.model().isEmpty()
        ? mistake("model", "must be a string that is not empty.")
        : Optional.empty();
  }

  private static Optional<Mistaken> modelIsNoText(BodyScan scan) {
    return scan.value("model").isPresent() && scan.model().isEmpty()
        ? mistake("model", "must be a string that is not empty, or left out.")
        : Optional.empty();
  }

  private static Optional<Mistaken> modelIsTooLong(BodyScan scan) {
    return scan.model().length() > InboundRequest.MODEL_NAME_MAX
        ? mistake(
            "model", "has more than " + InboundRequest.MODEL_NAME_MAX + " characters: shorten it.")
        : Optional.empty();
  }

  private static Optional<Mistaken> messagesAreMissing(BodyScan scan) {
    Optional<Field> messages = scan.value("messages");
    if (messages.isEmpty()) {
      return mistake(
          "messages", "required: send a list with at least one {\"role\": …, \"content\": …}.");
    }
    if (messages.get().token() != JsonToken.START_ARRAY) {
      return mistake("messages", "must be a list of {\"role\": …, \"content\": …}.");
    }
    return scan.messages() == 0
        ? mistake("messages", "must not be empty: send at least one turn of the user's.")
        : Optional.empty();
  }

  private static Optional<Mistaken> messageIsNoObject(BodyScan scan) {
    return scan.firstMisshapenMessage() >= 0
        ? mistake(
            "messages[" + scan.firstMisshapenMessage() + "]",
            "must be an object {\"role\": …, \"content\": …}.")
        : Optional.empty();
  }

  private static Optional<Mistaken> streamOptionsAreNoObject(BodyScan scan) {
    return scan.value("stream_options")
            .filter(field -> field.token() != JsonToken.START_OBJECT)
            .isPresent()
        ? mistake("stream_options", "must be an object such as {\"include_usage\": true}.")
        : Optional.empty();
  }

  private static Optional<Mistaken> maxTokensAreMissing(BodyScan scan) {
    return scan.value("max_tokens").isEmpty()
        ? mistake("max_tokens", "required: say how many tokens the answer may have at most.")
        : maxTokensAreNoCount(scan);
  }

  private static Optional<Mistaken> maxTokensAreNoCount(BodyScan scan) {
    return scan.value("max_tokens").isEmpty()
            || scan.number("max_tokens").filter(RequestRules::isCount).isPresent()
        ? Optional.empty()
        : mistake("max_tokens", "must be a whole number of at least 1.");
  }

  private static Optional<Mistaken> systemIsNoText(BodyScan scan) {
    return scan.value("system")
            .map(Field::token)
            .filter(token -> token != JsonToken.VALUE_STRING && token != JsonToken.START_ARRAY)
            .isPresent()
        ? mistake("system", "must be a string or a list of text blocks.")
        : Optional.empty();
  }

  private static Optional<Mistaken> promptIsMissing(BodyScan scan) {
    Optional<Field> prompt = scan.value("prompt");
    if (prompt.isEmpty()) {
      return mistake("prompt", "required: send the text to answer.");
    }
    Field field = prompt.get();
    return field.token() == JsonToken.VALUE_STRING && field.end() - field.start() > 2
        ? Optional.empty()
        : mistake("prompt", "must be a string that is not empty.");
  }

  private static Optional<Mistaken> temperatureIsOutOfRange(BodyScan scan) {
    return scan.value("temperature").isEmpty()
            || scan.number("temperature").filter(RequestRules::isTemperature).isPresent()
        ? Optional.empty()
        : mistake("temperature", "must be a number from 0 to 2.");
  }

  private static Optional<Mistaken> metadataIsNoObject(BodyScan scan) {
    return scan.value("metadata")
            .filter(field -> field.token() != JsonToken.START_OBJECT)
            .isPresent()
        ? mistake("metadata", "must be an object.")
        : Optional.empty();
  }

  // A caller's number may be 1e999999999: compared it is cheap, expanded it is not.
  private static boolean isCount(BigDecimal number) {
    return number.compareTo(BigDecimal.ONE) >= 0
        && number.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0
        && number.stripTrailingZeros().scale() <= 0;
  }

  private static boolean isTemperature(BigDecimal number) {
    return number.signum() >= 0 && number.compareTo(BigDecimal.TWO) <= 0;
  }

  private static Optional<Mistaken> mistake(String param, String whatToDo) {
    return Optional.of(new Mistaken(param + ": " + whatToDo, Optional.of(param), 400));
  }

  private static String shortened(String name) {
    return name.length() <= 64 ? name : name.substring(0, 64) + "…";
  }
}
