package dev.changeover.gateway.classify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What a reply says about its failure, whatever the shape in which it came.
 *
 * @param status the HTTP status, or the one that the body states where it is truer
 * @param classes the provider's own names for the failure, in lower case, the most trusted first
 * @param code the provider's code as it was sent, or empty
 * @param type the provider's type as it was sent, or empty
 * @param message the provider's words
 * @param sentence its words with plain quotes and single spaces, and no longer than is looked at
 * @param errors the JSON objects that tell of the failure, the innermost first
 * @param form what the body was
 */
record Told(
    int status,
    List<String> classes,
    String code,
    String type,
    String message,
    String sentence,
    List<JsonNode> errors,
    Form form) {

  /** What a body can be. */
  enum Form {
    ABSENT,
    /** An HTML page, which comes from something that stands before the provider. */
    PAGE,
    TEXT,
    JSON,
    /** An event of a stream, whose status was sent before anything was known. */
    EVENT
  }

  Told {
    classes = List.copyOf(classes);
    errors = List.copyOf(errors);
  }

  /** A reply of which only the status speaks. */
  static Told only(int status, Form form) {
    return new Told(status, List.of(), "", "", "", "", List.of(), form);
  }

  /** The same failure, told inside the error of a provider that passes it on. */
  Told within(JsonNode outer, int stated) {
    var all = new ArrayList<>(errors);
    all.add(outer);
    return new Told(stated, classes, code, type, message, sentence, all, form);
  }

  /** The same failure, told by an event of a stream. */
  Told asEvent() {
    return new Told(status, classes, code, type, message, sentence, errors, Form.EVENT);
  }
}
