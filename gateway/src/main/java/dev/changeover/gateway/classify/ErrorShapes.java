package dev.changeover.gateway.classify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The shapes in which providers put a failure: an {@code error} object, alone, in an outer type or
 * in an array of one; flat fields with a {@code message}, a {@code detail} or an {@code error}
 * text; and a class in a header beside a bare message.
 */
final class ErrorShapes {
  /** How often a failure may stand inside the message of another. */
  private static final int NESTED_MAX = 2;

  private static final int CLASSES_MAX = 16;
  private static final int NO_STATUS = 0;
  private static final Pattern STATUS = Pattern.compile("[45]\\d\\d");

  private ErrorShapes() {}

  /** The failure in a body, if it has the shape of one. */
  static Optional<Told> read(int status, HeaderView headers, JsonNode body) {
    var classes = new LinkedHashSet<String>();
    add(classes, headerClass(headers));
    return error(body).map(error -> told(status, error, classes, NESTED_MAX));
  }

  /** The failure of which a header names the class and the body says nothing. */
  static Optional<Told> readHeader(int status, HeaderView headers, Told.Form form) {
    return Optional.of(headerClass(headers))
        .filter(name -> !name.isEmpty())
        .map(
            name -> new Told(status, List.of(Json.lower(name)), "", name, "", "", List.of(), form));
  }

  /** Whether the body says itself that it is an error, not only by lacking an answer. */
  static boolean saysError(JsonNode body) {
    JsonNode outer = body.isArray() ? body.path(0) : body;
    String kind = Json.text(outer, "type") + Json.text(outer, "object");
    return isError(outer.path("error"))
        || isError(outer.path("response").path("error"))
        || !Json.text(outer, "error").isBlank()
        || kind.equals("error");
  }

  /** The object with the fields of the failure. */
  private static Optional<JsonNode> error(JsonNode body) {
    JsonNode outer = body.isArray() ? body.path(0) : body;
    return Stream.of(outer.path("error"), outer.path("response").path("error"))
        .filter(ErrorShapes::isError)
        .findFirst()
        .or(() -> Optional.of(outer).filter(flat -> !message(flat).isEmpty()));
  }

  private static boolean isError(JsonNode error) {
    return error.isObject() && !error.isEmpty();
  }

  private static Told told(int status, JsonNode error, SequencedSet<String> classes, int levels) {
    Optional<Told> inner = levels == 0 ? Optional.empty() : inner(status, error, classes, levels);
    if (inner.isPresent()) {
      return inner.get();
    }
    String code = firstWord(error.path("details").path("error_code"), error.path("code"));
    String type = type(error);
    add(classes, code);
    add(classes, firstWord(error.path("innererror").path("code")));
    error.path("details").forEach(detail -> addBuckets(classes, detail));
    error.path("details").forEach(detail -> add(classes, Json.text(detail, "reason")));
    if (!error.path("metadata").path("reasons").isEmpty()) {
      add(classes, "metadata.reasons"); // they are given for a moderated prompt only
    }
    add(classes, type);
    String raw = Json.text(error.path("metadata"), "raw").strip();
    String words = raw.isEmpty() || raw.startsWith("<") ? message(error) : raw;
    return new Told(
        statedStatus(status, error),
        List.copyOf(classes),
        code,
        type,
        words,
        Sentences.plain(words),
        List.of(error),
        Told.Form.JSON);
  }

  /** The buckets that a quota's detail names; of one model, says their name or a dimension. */
  private static void addBuckets(SequencedSet<String> classes, JsonNode detail) {
    for (JsonNode violation : detail.path("violations")) {
      boolean ofModel = !Json.text(violation.path("quotaDimensions"), "model").isEmpty();
      add(classes, Json.text(violation, "quotaId") + (ofModel ? "-PerModel" : ""));
    }
    add(classes, Json.text(detail.path("metadata"), "quota_limit"));
  }

  /** The failure that another provider answered and this one passes on as text. */
  private static Optional<Told> inner(
      int status, JsonNode error, SequencedSet<String> classes, int levels) {
    return Stream.of(Json.text(error.path("metadata"), "raw"), message(error))
        .map(String::strip)
        .filter(text -> text.startsWith("{") || text.startsWith("["))
        .flatMap(text -> Json.parse(text).stream())
        .flatMap(body -> error(body).stream())
        .findFirst()
        .map(nested -> told(NO_STATUS, nested, classes, levels - 1))
        .map(told ->
            told.within(
                error, told.status() == NO_STATUS ? statedStatus(status, error) : told.status()));
  }

  /** Where no status tells of a failure, a number in the error stands for it. */
  private static int statedStatus(int status, JsonNode error) {
    if (status >= 300) {
      return status;
    }
    return Stream.of("code", "status", "status_code", "raw_status_code")
        .map(field -> Json.word(error, field))
        .filter(word -> STATUS.matcher(word).matches())
        .map(Integer::valueOf)
        .findFirst()
        .orElse(status);
  }

  private static String type(JsonNode error) {
    return Stream.of(
            bareClass(Json.text(error, "__type")),
            Json.text(error, "type"),
            Json.text(error, "status"),
            Json.text(error, "error_type"))
        .filter(word -> !word.isEmpty() && !word.equals("error"))
        .findFirst()
        .orElse("");
  }

  private static String message(JsonNode error) {
    JsonNode detail = error.path("detail");
    return Stream.of(
            Json.text(error, "message"),
            Json.text(error, "Message"),
            Json.text(error, "error"),
            Json.text(error, "detail"),
            Json.text(detail, "message"),
            Json.text(detail.path(0), "msg"),
            Json.text(error.path("message").path("detail").path(0), "msg"))
        .filter(text -> !text.isBlank())
        .findFirst()
        .orElse("");
  }

  /** The error class that a header or a frame names. */
  private static String headerClass(HeaderView headers) {
    return Stream.of("x-amzn-errortype", ":exception-type")
        .flatMap(name -> headers.first(name).stream())
        .map(ErrorShapes::bareClass)
        .findFirst()
        .orElse("");
  }

  /** The name of a class without the address or the package that it may carry. */
  private static String bareClass(String errorClass) {
    String name = errorClass.split(":", 2)[0];
    return name.substring(name.lastIndexOf('#') + 1).strip();
  }

  private static String firstWord(JsonNode... values) {
    return Stream.of(values)
        .filter(value -> value.isTextual() || value.isIntegralNumber())
        .map(JsonNode::asText)
        .filter(word -> !word.isBlank())
        .findFirst()
        .orElse("");
  }

  private static void add(SequencedSet<String> classes, String word) {
    if (!word.isBlank() && classes.size() < CLASSES_MAX) {
      classes.add(Json.lower(word));
    }
  }
}
