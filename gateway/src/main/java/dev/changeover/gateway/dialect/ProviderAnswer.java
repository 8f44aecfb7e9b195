package dev.changeover.gateway.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.gateway.dialect.ChatAnswer.Uncarried;
import dev.changeover.gateway.dialect.ProviderCodec.AnswerReading;
import dev.changeover.gateway.dialect.ProviderCodec.AnswerReading.Illegible;
import dev.changeover.gateway.dialect.ProviderCodec.AnswerReading.Legible;
import dev.changeover.gateway.dialect.Rendering.Rendered;
import dev.changeover.gateway.dialect.Rendering.Unsayable;
import java.util.List;
import java.util.Optional;

/** A provider's whole answer: its bytes, and what they say. Immutable. */
public final class ProviderAnswer {
  private static final ChatAnswer NOTHING =
      new ChatAnswer(
          Optional.empty(),
          Optional.empty(),
          "",
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of());

  private final Dialect outbound;
  private final byte[] body;
  private final ChatAnswer answer;
  private final Optional<String> unusable;

  private ProviderAnswer(
      Dialect outbound, byte[] body, ChatAnswer answer, Optional<String> unusable) {
    this.outbound = outbound;
    this.body = body;
    this.answer = answer;
    this.unusable = unusable;
  }

  /** Reads a 200's body; any bytes give an answer, none an exception. */
  public static ProviderAnswer read(Dialect outbound, byte[] body) {
    return read(outbound, body, false);
  }

  /** The same for a request to which nothing at all may be the whole answer. */
  public static ProviderAnswer read(Dialect outbound, byte[] body, boolean mayBeEmpty) {
    Optional<ObjectNode> tree = Json.object(body);
    AnswerReading reading =
        tree.isPresent()
            ? Codecs.ofProvider(outbound).decodeAnswer(tree.get())
            : new Illegible("no JSON object");
    return switch (reading) {
      case Illegible(String why) -> new ProviderAnswer(outbound, body, NOTHING, Optional.of(why));
      case Legible(ChatAnswer answer) ->
          new ProviderAnswer(
              outbound,
              body,
              answer,
              answer.isEmpty() && !(mayBeEmpty && answer.stop().isPresent())
                  ? Optional.of("an empty answer")
                  : Optional.empty());
    };
  }

  /** Why this is no answer, when it is none: not JSON, an error, no choice, nothing said. */
  public Optional<String> unusable() {
    return unusable;
  }

  /** Whether there is any text. */
  public boolean hasText() {
    return !answer.text().isEmpty();
  }

  public Optional<StopReason> stopReason() {
    return answer.stop();
  }

  public Optional<Usage> usage() {
    return answer.usage();
  }

  /** The provider's id of the answer. */
  public Optional<String> id() {
    return answer.id();
  }

  /** The model that the provider names. */
  public Optional<String> model() {
    return answer.model();
  }

  /** The body for the caller: the very same bytes where both sides speak one dialect. */
  public Rendering toCaller(Dialect inbound, ReplyContext context) {
    if (unusable.isPresent()) {
      return new Unsayable(unusable.get());
    }
    if (inbound == outbound) {
      return new Rendered(body, List.of());
    }
    Optional<Uncarried> lost =
        answer.uncarried().stream().filter(part -> !part.omittable()).findFirst();
    if (lost.isPresent()) {
      return new Unsayable(lost.get().what() + " that nobody asked for");
    }
    List<String> leftOut = answer.uncarried().stream().map(Uncarried::what).distinct().toList();
    return new Rendered(
        Json.bytes(Codecs.ofCaller(inbound).encodeAnswer(answer, context)), leftOut);
  }
}
