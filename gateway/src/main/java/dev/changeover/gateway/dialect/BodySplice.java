package dev.changeover.gateway.dialect;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.changeover.contract.Overrides;
import dev.changeover.gateway.dialect.BodyScan.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The caller's own body with the model's name and a target's overrides put in, for a target that
 * speaks the caller's dialect. Every byte outside these values passes as it is.
 */
final class BodySplice {
  /** What stands between texts that are joined into one system prompt. */
  static final String PARAGRAPH = "\n\n";

  // Written once, read once, never compared.
  @SuppressWarnings("ArrayRecordComponent")
  private record Edit(int start, int end, byte[] json) {
    Edit(int start, int end, String json) {
      this(start, end, json.getBytes(StandardCharsets.UTF_8));
    }
  }

  private final BodyScan scan;
  private final TargetShape target;
  private final List<Edit> edits = new ArrayList<>();
  private final List<String> adjustments = new ArrayList<>();

  private BodySplice(BodyScan scan, TargetShape target) {
    this.scan = scan;
    this.target = target;
  }

  static Prepared splice(InboundRequest request, TargetShape target) {
    var splice = new BodySplice(request.scan(), target);
    splice.model();
    switch (request.dialect()) {
      case OPENAI_CHAT -> splice.openAi(request);
      case ANTHROPIC_MESSAGES -> splice.anthropic();
      case GENERATE -> throw new IllegalArgumentException("no provider speaks generate");
    }
    return new Prepared.Ready(
        splice.apply(request.body()), request.dialect().path(), splice.adjustments);
  }

  private void model() {
    if (!scan.model().equals(target.model())) {
      set("model", Json.quoted(target.model()));
    }
  }

  private void openAi(InboundRequest request) {
    Overrides overrides = target.overrides();
    overrides
        .temperature()
        .ifPresent(value -> override("temperature", TargetFit.OPENAI_TEMPERATURE.clamp(value)));
    overrides.topP().ifPresent(value -> override("top_p", TargetFit.TOP_P.clamp(value)));
    overrides.maxTokens().ifPresent(this::openAiMaxTokens);
    if (!overrides.stop().isEmpty()) {
      override("stop", Json.text(texts(overrides.stop())));
    }
    overrides.systemPrepend().ifPresent(text -> addMessage(text, scan.firstMessage(), false));
    overrides.systemAppend().ifPresent(this::appendSystemMessage);
    if (request.streaming() && !request.usageAsked()) {
      askForUsage();
    }
  }

  private void openAiMaxTokens(int asked) {
    String tokens = Integer.toString(TargetFit.maxTokens(asked, target));
    boolean older = scan.fields().containsKey("max_tokens");
    boolean newer = scan.fields().containsKey("max_completion_tokens");
    if (older) {
      override("max_tokens", tokens);
    }
    if (newer) {
      override("max_completion_tokens", tokens);
    }
    if (!older && !newer) {
      override(target.openAiOrigin() ? "max_completion_tokens" : "max_tokens", tokens);
    }
  }

  private void appendSystemMessage(String text) {
    if (scan.afterLeadingSystem() < 0) {
      addMessage(text, scan.firstMessage(), false);
    } else {
      addMessage(text, scan.afterLeadingSystem(), true);
    }
  }

  private void addMessage(String text, int at, boolean behind) {
    String message = Json.text(Json.object().put("role", "system").put("content", text));
    insert(at, behind ? "," + message : message + ",");
    adjustments.add("messages: the target's system text added");
  }

  /** Without it a stream never says how many tokens it took; the relay drops what it adds. */
  private void askForUsage() {
    Optional<Field> options = scan.value("stream_options");
    if (options.isEmpty()) {
      set("stream_options", "{\"include_usage\":true}");
      return;
    }
    Optional<Field> includeUsage = scan.includeUsage();
    if (includeUsage.isPresent()) {
      replace(includeUsage.get(), "true");
      return;
    }
    insert(
        options.get().start() + 1,
        "\"include_usage\":true" + (scan.streamOptionsEmpty() ? "" : ","));
  }

  private void anthropic() {
    Overrides overrides = target.overrides();
    overrides
        .temperature()
        .ifPresent(value -> override("temperature", TargetFit.ANTHROPIC_TEMPERATURE.clamp(value)));
    overrides.topP().ifPresent(value -> override("top_p", TargetFit.TOP_P.clamp(value)));
    overrides
        .maxTokens()
        .ifPresent(
            asked -> override("max_tokens", Integer.toString(TargetFit.maxTokens(asked, target))));
    if (!overrides.stop().isEmpty()) {
      override("stop_sequences", Json.text(texts(overrides.stop())));
    }
    if (overrides.systemPrepend().isPresent() || overrides.systemAppend().isPresent()) {
      anthropicSystem(overrides);
      adjustments.add("system: the target's system text added");
    }
  }

  private void anthropicSystem(Overrides overrides) {
    Optional<Field> system = scan.value("system");
    boolean array = system.filter(field -> field.token() == JsonToken.START_ARRAY).isPresent();
    int length = system.map(field -> field.end() - field.start()).orElse(0);
    if (array) {
      Field blocks = system.orElseThrow();
      boolean empty = scan.systemBlocksEmpty();
      List<String> before = overrides.systemPrepend().map(BodySplice::block).stream().toList();
      List<String> after = overrides.systemAppend().map(BodySplice::block).stream().toList();
      if (empty) {
        List<String> all = new ArrayList<>(before);
        all.addAll(after);
        insert(blocks.start() + 1, String.join(",", all));
        return;
      }
      before.forEach(block -> insert(blocks.start() + 1, block + ","));
      after.forEach(block -> insert(blocks.end() - 1, "," + block));
      return;
    }
    if (length > 2) {
      Field text = system.orElseThrow();
      overrides
          .systemPrepend()
          .ifPresent(prefix -> insert(text.start() + 1, inner(prefix + PARAGRAPH)));
      overrides
          .systemAppend()
          .ifPresent(suffix -> insert(text.end() - 1, inner(PARAGRAPH + suffix)));
      return;
    }
    List<String> texts = new ArrayList<>();
    overrides.systemPrepend().ifPresent(texts::add);
    overrides.systemAppend().ifPresent(texts::add);
    set("system", Json.quoted(String.join(PARAGRAPH, texts)));
  }

  private static String block(String text) {
    return Json.text(Json.object().put("type", "text").put("text", text));
  }

  private static String inner(String text) {
    String quoted = Json.quoted(text);
    return quoted.substring(1, quoted.length() - 1);
  }

  private static ArrayNode texts(List<String> texts) {
    ArrayNode array = Json.array();
    texts.forEach(array::add);
    return array;
  }

  private void override(String name, double value) {
    override(name, Double.toString(value));
  }

  private void override(String name, String json) {
    set(name, json);
    adjustments.add(name + ": set by the target");
  }

  private void set(String name, String json) {
    Field field = scan.fields().get(name);
    if (field == null) {
      insert(scan.open(), Json.quoted(name) + ":" + json + ",");
    } else {
      replace(field, json);
    }
  }

  private void replace(Field field, String json) {
    edits.add(new Edit(field.start(), field.end(), json));
  }

  private void insert(int at, String json) {
    edits.add(new Edit(at, at, json));
  }

  private byte[] apply(byte[] body) {
    if (edits.isEmpty()) {
      return body;
    }
    edits.sort(Comparator.comparingInt(Edit::start)); // stable: inserts at one place keep order
    int length = body.length;
    for (Edit edit : edits) {
      length += edit.json().length - (edit.end() - edit.start());
    }
    byte[] spliced = new byte[length];
    int from = 0;
    int to = 0;
    for (Edit edit : edits) {
      System.arraycopy(body, from, spliced, to, edit.start() - from);
      to += edit.start() - from;
      System.arraycopy(edit.json(), 0, spliced, to, edit.json().length);
      to += edit.json().length;
      from = edit.end();
    }
    System.arraycopy(body, from, spliced, to, body.length - from);
    return spliced;
  }
}
