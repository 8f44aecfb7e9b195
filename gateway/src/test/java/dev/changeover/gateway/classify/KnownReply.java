package dev.changeover.gateway.classify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.changeover.contract.Reason;
import dev.changeover.contract.Scope;
import dev.changeover.testkit.provider.VendorReplies;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** One known reply of a provider and the outcome that is to be drawn from it. */
record KnownReply(String id, String provider, boolean event, int status, JsonNode row) {
  private static final Instant NOW = Instant.parse("2026-08-19T12:00:00Z");
  private static final String BYTES = "base64:";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  static List<KnownReply> all() {
    try (InputStream lines =
        Objects.requireNonNull(VendorReplies.class.getResourceAsStream("provider-errors.jsonl"))) {
      return new String(lines.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(KnownReply::parse)
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KnownReply parse(String line) {
    try {
      JsonNode row = MAPPER.readTree(line);
      return new KnownReply(
          row.path("id").asText(),
          row.path("provider").asText(),
          row.path("transport").asText().equals("sse-event"),
          row.path("status").asInt(),
          row);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  Outcome classified() {
    Vendor vendor =
        switch (provider) {
          case "openai" -> Vendor.OPENAI;
          case "anthropic" -> Vendor.ANTHROPIC;
          default -> Vendor.OTHER;
        };
    JsonNode body = row.path("body");
    if (!event) {
      return Classifier.reply(vendor, status, headers(), bytes(body), NOW);
    }
    if (body.isTextual()) { // what was received before the connection closed
      return Classifier.transport(TransportFault.STREAM_CUT);
    }
    String name = headers().first(":event").orElse("");
    return Classifier.event(vendor, name, body.toString(), headers(), NOW)
        .<Outcome>map(failure -> failure)
        .orElseGet(Outcome.Delivered::new);
  }

  private HeaderView headers() {
    Map<String, String> headers = new TreeMap<>();
    row.path("headers")
        .propertyStream()
        .forEach(h -> headers.put(h.getKey(), h.getValue().asText()));
    return HeaderView.of(headers);
  }

  private static byte[] bytes(JsonNode body) {
    String text = body.isTextual() ? body.asText() : body.toString();
    return text.startsWith(BYTES)
        ? Base64.getDecoder().decode(text.substring(BYTES.length()))
        : text.getBytes(StandardCharsets.UTF_8);
  }

  Reason reason() {
    return Reason.ofWord(row.path("expect").path("reason").asText()).orElseThrow();
  }

  Scope scope() {
    return switch (row.path("expect").path("scope").asText()) {
      case "request" -> Scope.REQUEST;
      case "model" -> Scope.MODEL;
      case "credential" -> Scope.CREDENTIAL;
      case "provider" -> Scope.PROVIDER;
      case String other -> throw new IllegalStateException(other);
    };
  }

  Optional<Double> waitSeconds() {
    JsonNode seconds = row.path("expect").path("retryAfterSeconds");
    return seconds.isNumber() ? Optional.of(seconds.asDouble()) : Optional.empty();
  }

  boolean countsAgainstHealth() {
    return row.path("expect").path("countsAgainstHealth").asBoolean();
  }

  @Override
  public String toString() {
    return id;
  }
}
