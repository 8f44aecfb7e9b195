package dev.changeover.gateway.dialect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where the top-level fields of a body stand, found in one pass without building a tree. It knows
 * no dialect: what the fields must be is said by {@link RequestRules}.
 */
final class BodyScan {
  /** More top-level fields than any vendor has; each costs memory for as long as the request. */
  static final int FIELDS_MAX = 256;

  /** The bytes of one value, and what kind of value it is. */
  record Field(JsonToken token, int start, int end) {
    boolean isNull() {
      return token == JsonToken.VALUE_NULL;
    }
  }

  private final byte[] body;
  private final Map<String, Field> fields = new LinkedHashMap<>();
  private Optional<String> duplicate = Optional.empty();
  private boolean tooManyFields;
  private int open;
  private String model = "";
  private int messages;
  private int firstMisshapenMessage = -1;
  private int afterLeadingSystem = -1;
  private int firstMessage = -1;
  private Optional<Field> includeUsage = Optional.empty();
  private boolean streamOptionsEmpty = true;
  private boolean systemBlocksEmpty = true;

  private BodyScan(byte[] body) {
    this.body = body;
  }

  /** Scans an object; anything but one well-formed object is an exception of the parser's. */
  static Optional<BodyScan> of(byte[] body) throws IOException {
    var scan = new BodyScan(body);
    try (JsonParser parser = Json.parser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      scan.open = offset(parser);
      scan.object(parser);
      return parser.nextToken() == null ? Optional.of(scan) : Optional.empty();
    }
  }

  Optional<String> duplicate() {
    return duplicate;
  }

  boolean tooManyFields() {
    return tooManyFields;
  }

  /** Just behind the object's opening brace. */
  int open() {
    return open;
  }

  Map<String, Field> fields() {
    return fields;
  }

  /** The field's value, unless it is absent or null. */
  Optional<Field> value(String name) {
    return Optional.ofNullable(fields.get(name)).filter(field -> !field.isNull());
  }

  /** The model's name as it reads, or empty when it is no string. */
  String model() {
    return model;
  }

  int messages() {
    return messages;
  }

  /** The index of the first message that is no object, or -1. */
  int firstMisshapenMessage() {
    return firstMisshapenMessage;
  }

  /** Where the first message begins. */
  int firstMessage() {
    return firstMessage;
  }

  /** Just behind the last of the system and developer messages at the beginning, or -1. */
  int afterLeadingSystem() {
    return afterLeadingSystem;
  }

  /** The value of {@code stream_options.include_usage}. */
  Optional<Field> includeUsage() {
    return includeUsage;
  }

  boolean streamOptionsEmpty() {
    return streamOptionsEmpty;
  }

  /** Whether {@code system} is a list without elements. */
  boolean systemBlocksEmpty() {
    return systemBlocksEmpty;
  }

  boolean isTrue(String name) {
    return value(name).filter(field -> field.token() == JsonToken.VALUE_TRUE).isPresent();
  }

  /** The number as written, where the field is a number of a conceivable size. */
  Optional<BigDecimal> number(String name) {
    return value(name).filter(field -> field.token().isNumeric()).flatMap(this::number);
  }

  private Optional<BigDecimal> number(Field field) {
    int length = field.end() - field.start();
    try {
      return Optional.of(
          new BigDecimal(new String(body, field.start(), length, StandardCharsets.US_ASCII)));
    } catch (NumberFormatException _) {
      return Optional.empty(); // JSON allows an exponent of any length
    }
  }

  private void object(JsonParser parser) throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      Field field = value(parser, name);
      if (fields.size() >= FIELDS_MAX) {
        tooManyFields = true;
      } else if (fields.put(name, field) != null) {
        duplicate = Optional.of(name);
      }
    }
  }

  private Field value(JsonParser parser, String name) throws IOException {
    JsonToken token = parser.currentToken();
    int start = tokenStart(parser);
    switch (name) {
      case "model" -> model = token == JsonToken.VALUE_STRING ? parser.getText() : "";
      case "messages" -> {
        if (token == JsonToken.START_ARRAY) {
          messages(parser);
        }
      }
      case "stream_options" -> {
        if (token == JsonToken.START_OBJECT) {
          streamOptions(parser);
        }
      }
      case "system" -> {
        if (token == JsonToken.START_ARRAY) {
          systemBlocks(parser);
        }
      }
      default -> {}
    }
    if (token.isStructStart() && !parser.currentToken().isStructEnd()) {
      parser.skipChildren();
    }
    return new Field(token, start, end(parser));
  }

  private void messages(JsonParser parser) throws IOException {
    messages = 0;
    boolean leading = true;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (messages == 0) {
        firstMessage = tokenStart(parser);
      }
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        firstMisshapenMessage = firstMisshapenMessage < 0 ? messages : firstMisshapenMessage;
        parser.skipChildren();
      } else if (leading) {
        leading = isSystem(parser);
        afterLeadingSystem = leading ? offset(parser) : afterLeadingSystem;
      } else {
        parser.skipChildren();
      }
      messages++;
    }
  }

  private static boolean isSystem(JsonParser parser) throws IOException {
    boolean system = false;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      boolean role = parser.currentName().equals("role");
      JsonToken token = parser.nextToken();
      if (role && token == JsonToken.VALUE_STRING) {
        String word = parser.getText();
        system = word.equals("system") || word.equals("developer");
      }
      parser.skipChildren();
    }
    return system;
  }

  private void streamOptions(JsonParser parser) throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      streamOptionsEmpty = false;
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      int start = tokenStart(parser);
      parser.skipChildren();
      if (name.equals("include_usage")) {
        if (includeUsage.isPresent()) {
          duplicate = Optional.of("stream_options.include_usage");
        }
        includeUsage = Optional.of(new Field(token, start, end(parser)));
      }
    }
  }

  private void systemBlocks(JsonParser parser) throws IOException {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      systemBlocksEmpty = false;
      parser.skipChildren();
    }
  }

  /** Strings are read lazily: only a finished token has an end. */
  private static int end(JsonParser parser) throws IOException {
    parser.finishToken();
    return offset(parser);
  }

  private static int offset(JsonParser parser) {
    return Math.toIntExact(parser.currentLocation().getByteOffset());
  }

  private static int tokenStart(JsonParser parser) {
    return Math.toIntExact(parser.currentTokenLocation().getByteOffset());
  }
}
