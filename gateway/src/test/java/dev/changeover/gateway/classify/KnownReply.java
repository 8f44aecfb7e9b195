package dev.changeover.gateway.classify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.changeover.contract.ProviderType;
import dev.changeover.contract.Reason;
import dev.changeover.contract.Scope;
import dev.changeover.testkit.provider.Fault;
import dev.changeover.testkit.provider.VendorReplies;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** One known reply of a provider and the outcome that is to be drawn from it. */
public record KnownReply(String id, String provider, boolean event, int status, JsonNode row) {
  private static final Instant NOW = Instant.parse("2026-08-19T12:00:00Z");
  private static final String BYTES = "base64:";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  public static List<KnownReply> all() {
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
    return classified(vendor());
  }

  Outcome classified(Vendor vendor) {
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

  /** Who is taken to have sent it, as a configured origin of this provider's would be. */
  Vendor vendor() {
    return Vendor.of(type(), baseUrl());
  }

  public ProviderType type() {
    return switch (provider) {
      case "openai" -> ProviderType.OPENAI;
      case "anthropic" -> ProviderType.ANTHROPIC;
      default -> ProviderType.OPENAI_COMPATIBLE;
    };
  }

  public URI baseUrl() {
    return URI.create(
        switch (provider) {
          case "openai" -> "https://api.openai.com/v1";
          case "anthropic" -> "https://api.anthropic.com";
          case "azure-openai" -> "https://example.openai.azure.com/openai/v1";
          case "bedrock" -> "https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1";
          case "cohere" -> "https://api.cohere.com/compatibility/v1";
          case "deepseek" -> "https://api.deepseek.com";
          case "gemini" -> "https://generativelanguage.googleapis.com/v1beta/openai";
          case "groq" -> "https://api.groq.com/openai/v1";
          case "mistral" -> "https://api.mistral.ai/v1";
          case "ollama" -> "https://ollama.com/v1";
          case "openrouter" -> "https://openrouter.ai/api/v1";
          case "perplexity" -> "https://api.perplexity.ai";
          case "together" -> "https://api.together.xyz/v1";
          case "vertex" -> "https://us-central1-aiplatform.googleapis.com/v1/projects/p";
          case "vllm" -> "http://localhost:8000/v1";
          case "xai" -> "https://api.x.ai/v1";
          case String other -> throw new IllegalStateException(other);
        });
  }

  /** The reply as it goes over the wire; an event alone in the stream that it came in. */
  public Fault.Reply sent() {
    JsonNode body = row.path("body");
    if (!event) {
      return VendorReplies.recorded(id);
    }
    String name = headers().first(":event").map(word -> "event: " + word + "\n").orElse("");
    return new Fault.Reply(
        status,
        Map.of("content-type", "text/event-stream"),
        body.isTextual() ? body.asText() : name + "data: " + body + "\n\n");
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

  public Reason reason() {
    return Reason.ofWord(row.path("expect").path("reason").asText()).orElseThrow();
  }

  public Scope scope() {
    return switch (row.path("expect").path("scope").asText()) {
      case "request" -> Scope.REQUEST;
      case "model" -> Scope.MODEL;
      case "credential" -> Scope.CREDENTIAL;
      case "provider" -> Scope.PROVIDER;
      case String other -> throw new IllegalStateException(other);
    };
  }

  public Optional<Double> waitSeconds() {
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
