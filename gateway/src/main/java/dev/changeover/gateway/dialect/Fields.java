package dev.changeover.gateway.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Fields that several dialects spell alike, read from a tree; what is misshapen is noted. */
final class Fields {
  private Fields() {}

  static OptionalInt count(ObjectNode body, String name, Carrying.Notes notes) {
    JsonNode value = body.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return OptionalInt.empty();
    }
    double number = value.isNumber() ? value.doubleValue() : 0;
    if (number < 1 || number != Math.rint(number)) {
      notes.refuse(name + ": no whole number of at least 1");
      return OptionalInt.empty();
    }
    return OptionalInt.of((int) Math.min(number, Integer.MAX_VALUE));
  }

  static OptionalDouble number(ObjectNode body, String name, Carrying.Notes notes) {
    JsonNode value = body.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return OptionalDouble.empty();
    }
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      notes.refuse(name + ": no number");
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(value.doubleValue());
  }

  /** One string or a list of them. */
  static List<String> texts(ObjectNode body, String name, Carrying.Notes notes) {
    JsonNode value = body.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return List.of();
    }
    if (value.isTextual()) {
      return List.of(value.textValue());
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode each : value) {
      if (!each.isTextual()) {
        notes.refuse(name + ": no list of strings");
        return List.of();
      }
      texts.add(each.textValue());
    }
    notes.refuseUnless(value.isArray(), name + ": no list of strings");
    return texts;
  }

  /** A string that is there and not empty. */
  static Optional<String> text(JsonNode node, String name) {
    JsonNode value = node.path(name);
    return value.isTextual() && !value.textValue().isEmpty()
        ? Optional.of(value.textValue())
        : Optional.empty();
  }

  /**
   * The texts of a message's or system prompt's content: a string, or a list of text parts. Null
   * and nothing count as one empty text.
   */
  static List<String> content(JsonNode content, String where, Carrying.Notes notes) {
    if (content.isMissingNode() || content.isNull()) {
      return List.of("");
    }
    if (content.isTextual()) {
      return List.of(content.textValue());
    }
    if (!content.isArray()) {
      notes.refuse(where + ": content is neither a string nor a list");
      return List.of("");
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode part : content) {
      texts.add(part(part, where, notes));
    }
    return texts.isEmpty() ? List.of("") : texts;
  }

  private static String part(JsonNode part, String where, Carrying.Notes notes) {
    String type = part.path("type").asText("a part without type");
    JsonNode text = part.path("text");
    if (!type.equals("text") || !text.isTextual()) {
      notes.refuse(where + ": " + shortened(type));
      return "";
    }
    part.properties().stream()
        .filter(field -> !field.getValue().isNull())
        .map(field -> field.getKey())
        .forEach(name -> {
          switch (name) {
            case "type", "text" -> {}
            case "cache_control" -> notes.leftOut(name); // a matter of price only
            case "citations" -> notes.refuseUnless(part.path(name).isEmpty(), where + ": " + name);
            default -> notes.refuse(where + ": " + shortened(name));
          }
        });
    return text.textValue();
  }

  /** A name of the caller's, short enough for a sentence. */
  static String shortened(String name) {
    return name.length() <= 64 ? name : name.substring(0, 64) + "…";
  }
}
