package dev.changeover.gateway.dialect;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.gateway.dialect.Reading.Mistaken;
import dev.changeover.gateway.dialect.Reading.Understood;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Optional;

/** A caller's request: its bytes, and what one scan of them found. Immutable. */
public final class InboundRequest {
  /** The longest model name, in characters. */
  public static final int MODEL_NAME_MAX = 256;

  /** The most answers to one request that a stream's end is reckoned with. */
  static final int CHOICES_MAX = 128;

  private final Dialect dialect;
  private final byte[] body;
  private final BodyScan scan;

  private InboundRequest(Dialect dialect, byte[] body, BodyScan scan) {
    this.dialect = dialect;
    this.body = body;
    this.scan = scan;
  }

  /** Reads a body; any bytes give an answer, none an exception. The body is never written to. */
  public static Reading read(Dialect dialect, byte[] body) {
    if (!Json.looksLikeUtf8(body, 0, body.length)) {
      return notJson("is no JSON in UTF-8: send one JSON object.");
    }
    try {
      Optional<BodyScan> scan = BodyScan.of(body);
      if (scan.isEmpty()) {
        return notJson("must be one JSON object and nothing else.");
      }
      Optional<Mistaken> mistake = RequestRules.firstMistake(dialect, scan.get());
      return mistake.isPresent()
          ? mistake.get()
          : new Understood(new InboundRequest(dialect, body, scan.get()));
    } catch (StreamConstraintsException _) {
      return notJson(
          "nests deeper than "
              + Json.DEPTH_MAX
              + " levels, or has a name or number beyond any use: send a plainer body.");
    } catch (JacksonException e) {
      return notJson("is not valid JSON near byte " + e.getLocation().getByteOffset() + ".");
    } catch (IOException | IllegalStateException _) {
      return notJson("is not valid JSON."); // such as names made to collide in the parser's table
    }
  }

  private static Mistaken notJson(String what) {
    return new Mistaken("The body " + what, Optional.empty(), 400);
  }

  public Dialect dialect() {
    return dialect;
  }

  /** The name the caller asks for; empty only in {@link Dialect#GENERATE}, where it is optional. */
  public Optional<String> model() {
    return Optional.of(scan.model()).filter(name -> !name.isEmpty());
  }

  /** Whether the caller wants a stream. */
  public boolean streaming() {
    return scan.isTrue("stream");
  }

  /** Whether the caller names words that end an answer, which may be the first that come. */
  public boolean namesStops() {
    return scan.value("stop").isPresent() || scan.value("stop_sequences").isPresent();
  }

  /** The body's size in bytes. */
  public int size() {
    return body.length;
  }

  /** The caller's {@code metadata} in {@link Dialect#GENERATE}, for the log and the trace only. */
  public Optional<byte[]> metadata() {
    return dialect == Dialect.GENERATE
        ? scan.value("metadata").map(field -> Arrays.copyOfRange(body, field.start(), field.end()))
        : Optional.empty();
  }

  /**
   * The request as one target takes it.
   *
   * @param outbound what the target's provider speaks
   */
  public Prepared forTarget(Dialect outbound, TargetShape target) {
    if (!outbound.spokenByProviders()) {
      throw new IllegalArgumentException("no provider speaks " + outbound.word());
    }
    return dialect == outbound
        ? BodySplice.splice(this, target)
        : Translation.translate(this, outbound, target);
  }

  byte[] body() {
    return body;
  }

  BodyScan scan() {
    return scan;
  }

  /** Whether the caller asked for a usage chunk at the end of a stream. */
  boolean usageAsked() {
    return scan.includeUsage().filter(field -> field.token() == JsonToken.VALUE_TRUE).isPresent();
  }

  /** How many answers were asked for. */
  int choices() {
    return scan.number("n")
        .filter(number -> number.compareTo(BigDecimal.ONE) > 0)
        .map(number -> number.min(BigDecimal.valueOf(CHOICES_MAX)).intValue())
        .orElse(1);
  }

  /** Whether the answer is to follow a schema, so that a hole in it would go unseen. */
  boolean structuredOutput() {
    return switch (dialect) {
      case OPENAI_CHAT -> {
        String type = tree("response_format").path("type").asText("text");
        yield !type.equals("text");
      }
      case ANTHROPIC_MESSAGES ->
          scan.value("output_format").isPresent() || tree("output_config").hasNonNull("format");
      case GENERATE -> false;
    };
  }

  /** The whole body as a tree; empty when a text in it, which the scan skips, is no UTF-8. */
  Optional<ObjectNode> tree() {
    return Json.object(body);
  }

  private ObjectNode tree(String name) {
    return scan.value(name)
        .flatMap(field -> Json.object(body, field.start(), field.end() - field.start()))
        .orElseGet(Json::object);
  }
}
