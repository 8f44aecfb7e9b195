package dev.changeover.gateway.dialect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The names that callers may ask for, in the shape of either vendor's models endpoint. */
public final class ModelLists {
  private ModelLists() {}

  /**
   * The body for {@code GET /v1/models}.
   *
   * @param models in the order to show
   * @param since what every model states as its time of creation
   */
  public static byte[] body(Dialect dialect, List<String> models, Instant since) {
    ObjectNode body = Json.object();
    ArrayNode data = Json.array();
    models.forEach(model -> data.add(entry(dialect, model, since)));
    switch (dialect) {
      case OPENAI_CHAT, GENERATE -> body.put("object", "list").set("data", data);
      case ANTHROPIC_MESSAGES -> {
        body.set("data", data);
        body.put("has_more", false);
        body.put("first_id", models.isEmpty() ? null : models.getFirst());
        body.put("last_id", models.isEmpty() ? null : models.getLast());
      }
    }
    return Json.bytes(body);
  }

  /** The body for {@code GET /v1/models/{id}}. */
  public static byte[] one(Dialect dialect, String model, Instant since) {
    return Json.bytes(entry(dialect, model, since));
  }

  private static ObjectNode entry(Dialect dialect, String model, Instant since) {
    return switch (dialect) {
      case OPENAI_CHAT, GENERATE ->
          Json.object()
              .put("id", model)
              .put("object", "model")
              .put("created", since.getEpochSecond())
              .put("owned_by", "changeover");
      case ANTHROPIC_MESSAGES ->
          Json.object()
              .put("type", "model")
              .put("id", model)
              .put("display_name", model)
              .put("lifecycle", "active")
              .put("created_at", since.truncatedTo(ChronoUnit.SECONDS).toString());
    };
  }
}
