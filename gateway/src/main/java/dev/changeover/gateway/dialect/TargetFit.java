package dev.changeover.gateway.dialect;

import dev.changeover.contract.Overrides;
import dev.changeover.gateway.dialect.ChatRequest.Role;
import dev.changeover.gateway.dialect.ChatRequest.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** A neutral request made to fit one target: its overrides, its ranges, its vendor's rules. */
final class TargetFit {
  static final Range OPENAI_TEMPERATURE = new Range(0, 2);
  static final Range ANTHROPIC_TEMPERATURE = new Range(0, 1);
  static final Range TOP_P = new Range(0, 1);

  /** What Anthropic is told where neither the caller nor the target sets a limit. */
  static final int MAX_TOKENS_DEFAULT = 4096;

  /** OpenAI takes no more stop sequences. */
  static final int OPENAI_STOP_MAX = 4;

  /** What a number may be. */
  record Range(double least, double most) {
    double clamp(double value) {
      return Math.clamp(value, least, most);
    }
  }

  private final TargetShape target;
  private final Carrying.Notes notes = new Carrying.Notes();

  private TargetFit(TargetShape target) {
    this.target = target;
  }

  static Carrying fit(ChatRequest request, Dialect outbound, TargetShape target) {
    var fit = new TargetFit(target);
    ChatRequest overridden = fit.overridden(request);
    ChatRequest fitted =
        switch (outbound) {
          case OPENAI_CHAT -> fit.openAi(overridden);
          case ANTHROPIC_MESSAGES -> fit.anthropic(overridden);
          case GENERATE -> throw new IllegalArgumentException("no provider speaks generate");
        };
    return fit.notes.settle(fitted);
  }

  /** A limit of tokens, no higher than what the target's model writes. */
  static int maxTokens(int asked, TargetShape target) {
    return Math.min(asked, target.maxOutputTokens().orElse(Integer.MAX_VALUE));
  }

  private ChatRequest overridden(ChatRequest request) {
    Overrides overrides = target.overrides();
    List<String> system = new ArrayList<>();
    overrides.systemPrepend().ifPresent(system::add);
    system.addAll(request.system());
    overrides.systemAppend().ifPresent(system::add);
    if (system.size() > request.system().size()) {
      notes.adjust("system: the target's system text added");
    }
    return new ChatRequest(
        target.model(),
        system,
        request.turns(),
        overridden("max_tokens", overrides.maxTokens(), request.maxTokens()),
        overridden("temperature", overrides.temperature(), request.temperature()),
        overridden("top_p", overrides.topP(), request.topP()),
        overridden(overrides.stop(), request.stop()),
        request.stream());
  }

  private OptionalInt overridden(String name, OptionalInt override, OptionalInt asked) {
    if (override.isEmpty()) {
      return asked;
    }
    notes.adjust(name + ": set by the target");
    return override;
  }

  private OptionalDouble overridden(String name, OptionalDouble override, OptionalDouble asked) {
    if (override.isEmpty()) {
      return asked;
    }
    notes.adjust(name + ": set by the target");
    return override;
  }

  private List<String> overridden(List<String> override, List<String> asked) {
    if (override.isEmpty()) {
      return asked;
    }
    notes.adjust("stop: set by the target");
    return override;
  }

  private ChatRequest openAi(ChatRequest request) {
    boolean samplingRefused = target.reasoning() && target.openAiOrigin();
    if (samplingRefused) {
      notes.refuseUnless(
          request.stop().isEmpty(), "stop: a reasoning model of OpenAI's takes no stop sequences");
    }
    notes.refuseUnless(
        request.stop().size() <= OPENAI_STOP_MAX,
        "stop: OpenAI takes at most " + OPENAI_STOP_MAX + " stop sequences");
    refusePrefill(request.turns());
    return new ChatRequest(
        request.model(),
        request.system(),
        request.turns(),
        limited(request.maxTokens()),
        samplingRefused
            ? unwanted("temperature", request.temperature())
            : within(OPENAI_TEMPERATURE, "temperature", request.temperature()),
        samplingRefused
            ? unwanted("top_p", request.topP())
            : within(TOP_P, "top_p", request.topP()),
        request.stop(),
        request.stream());
  }

  private ChatRequest anthropic(ChatRequest request) {
    List<Turn> turns = joined(request.turns());
    if (turns.isEmpty() || turns.getFirst().role() == Role.ASSISTANT) {
      notes.refuse("messages: Anthropic wants a turn of the user's first");
    }
    refusePrefill(turns);
    notes.refuseUnless(
        request.stop().stream().noneMatch(String::isBlank),
        "stop: Anthropic takes no stop sequence of white space only");
    OptionalInt maxTokens = limited(request.maxTokens());
    if (maxTokens.isEmpty()) {
      maxTokens = OptionalInt.of(target.maxOutputTokens().orElse(MAX_TOKENS_DEFAULT));
      notes.adjust("max_tokens: " + maxTokens.getAsInt() + ", since Anthropic requires a limit");
    }
    OptionalDouble temperature =
        within(ANTHROPIC_TEMPERATURE, "temperature", request.temperature());
    OptionalDouble topP = within(TOP_P, "top_p", request.topP());
    if (temperature.isPresent() && topP.isPresent()) {
      notes.adjust("top_p: left out, since Anthropic takes it or temperature but not both");
      topP = OptionalDouble.empty();
    }
    return new ChatRequest(
        request.model(),
        request.system().stream().filter(text -> !text.isEmpty()).toList(),
        turns,
        maxTokens,
        temperature,
        topP,
        request.stop(),
        request.stream());
  }

  /** A last turn of the assistant's means "go on from here" to one vendor only, and not always. */
  private void refusePrefill(List<Turn> turns) {
    if (!turns.isEmpty() && turns.getLast().role() == Role.ASSISTANT) {
      notes.refuse("messages: the last turn is the assistant's");
    }
  }

  private OptionalInt limited(OptionalInt asked) {
    if (asked.isEmpty() || maxTokens(asked.getAsInt(), target) == asked.getAsInt()) {
      return asked;
    }
    int most = maxTokens(asked.getAsInt(), target);
    notes.adjust("max_tokens: " + most + ", the most that the target's model writes");
    return OptionalInt.of(most);
  }

  private OptionalDouble within(Range range, String name, OptionalDouble asked) {
    if (asked.isEmpty() || range.clamp(asked.getAsDouble()) == asked.getAsDouble()) {
      return asked;
    }
    double clamped = range.clamp(asked.getAsDouble());
    notes.adjust(name + ": " + clamped + ", the nearest that the target takes");
    return OptionalDouble.of(clamped);
  }

  private OptionalDouble unwanted(String name, OptionalDouble asked) {
    if (asked.isPresent()) {
      notes.adjust(name + ": left out, since a reasoning model of OpenAI's refuses it");
    }
    return OptionalDouble.empty();
  }

  /** Anthropic refuses empty texts, and its turns alternate. */
  private List<Turn> joined(List<Turn> turns) {
    List<Turn> joined = new ArrayList<>();
    for (Turn turn : turns) {
      List<String> texts = turn.texts().stream().filter(text -> !text.isEmpty()).toList();
      if (texts.size() < turn.texts().size()) {
        notes.adjust("messages: an empty text left out");
      }
      if (texts.isEmpty()) {
        continue;
      }
      if (!joined.isEmpty() && joined.getLast().role() == turn.role()) {
        notes.adjust("messages: turns of one role in a row joined");
        List<String> both = new ArrayList<>(joined.removeLast().texts());
        both.addAll(texts);
        joined.add(new Turn(turn.role(), both));
      } else {
        joined.add(new Turn(turn.role(), texts));
      }
    }
    return joined;
  }
}
