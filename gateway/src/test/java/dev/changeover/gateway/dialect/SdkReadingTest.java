package dev.changeover.gateway.dialect;

import static dev.changeover.gateway.dialect.Dialect.ANTHROPIC_MESSAGES;
import static dev.changeover.gateway.dialect.Dialect.OPENAI_CHAT;
import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The vendors' own libraries, at their strictest, read what is written here. */
final class SdkReadingTest {
  @ParameterizedTest
  @EnumSource(StopReason.class)
  void wholeAnswers(StopReason stop) throws IOException {
    var answer =
        new ChatAnswer(
            Optional.empty(),
            Optional.empty(),
            "Hi",
            Optional.of(stop),
            Optional.empty(),
            Optional.of(new Usage(20, 8, 2, 7, 1)),
            List.of());
    byte[] openAi = Json.bytes(Codecs.ofCaller(OPENAI_CHAT).encodeAnswer(answer, Samples.CONTEXT));
    byte[] anthropic =
        Json.bytes(Codecs.ofCaller(ANTHROPIC_MESSAGES).encodeAnswer(answer, Samples.CONTEXT));
    ChatCompletion completion =
        com.openai.core.ObjectMappers.jsonMapper()
            .readValue(openAi, ChatCompletion.class)
            .validate();
    Message message =
        com.anthropic.core.ObjectMappers.jsonMapper()
            .readValue(anthropic, Message.class)
            .validate();
    assertThat(completion.choices().getFirst().message().content()).contains("Hi");
    assertThat(message.usage().cacheReadInputTokens()).contains(8L);
    assertThat(message.usage().inputTokens()).isEqualTo(10L);
  }

  @Test
  void openAisStreamOfAnAnthropicAnswer() throws IOException {
    List<SseEvent> events = relayed(OPENAI_CHAT, ANTHROPIC_MESSAGES, Samples.ANTHROPIC_STREAM);
    var text = new StringBuilder();
    for (SseEvent event : events.subList(0, events.size() - 1)) {
      ChatCompletionChunk chunk =
          com.openai.core.ObjectMappers.jsonMapper()
              .readValue(event.data(), ChatCompletionChunk.class)
              .validate();
      assertThat(chunk.id()).isEqualTo("msg_1");
      assertThat(chunk.model()).isEqualTo("claude-x");
      chunk.choices().forEach(choice -> choice.delta().content().ifPresent(text::append));
    }
    assertThat(text).hasToString("Café ☃");
    assertThat(events.getLast().text()).isEqualTo("[DONE]");
  }

  @Test
  void anthropicsStreamOfAnOpenAiAnswer() throws IOException {
    List<SseEvent> events = relayed(ANTHROPIC_MESSAGES, OPENAI_CHAT, Samples.OPENAI_STREAM);
    var text = new StringBuilder();
    for (SseEvent event : events) {
      RawMessageStreamEvent read =
          com.anthropic.core.ObjectMappers.jsonMapper()
              .readValue(event.data(), RawMessageStreamEvent.class)
              .validate();
      read.contentBlockDelta()
          .ifPresent(delta -> text.append(delta.delta().text().orElseThrow().text()));
    }
    assertThat(text).hasToString("Café ☃");
    assertThat(events)
        .extracting(event -> event.name().orElse("-"))
        .containsExactly(
            "message_start",
            "content_block_start",
            "content_block_delta",
            "content_block_delta",
            "content_block_stop",
            "message_delta",
            "message_stop");
  }

  @Test
  void listsOfModels() throws IOException {
    List<String> names = List.of("assistant", "gpt-4o");
    Instant since = Instant.ofEpochSecond(1_700_000_000);
    com.openai.core.ObjectMappers.jsonMapper()
        .readValue(
            ModelLists.body(OPENAI_CHAT, names, since),
            com.openai.models.models.ModelListPageResponse.class)
        .validate();
    com.openai.core.ObjectMappers.jsonMapper()
        .readValue(
            ModelLists.one(OPENAI_CHAT, "assistant", since), com.openai.models.models.Model.class)
        .validate();
    com.anthropic.core.ObjectMappers.jsonMapper()
        .readValue(
            ModelLists.body(ANTHROPIC_MESSAGES, names, since),
            com.anthropic.models.models.ModelListPageResponse.class)
        .validate();
    com.anthropic.core.ObjectMappers.jsonMapper()
        .readValue(
            ModelLists.one(ANTHROPIC_MESSAGES, "assistant", since),
            com.anthropic.models.models.ModelInfo.class)
        .validate();
  }

  @Test
  void errors() throws IOException {
    for (CallerError error :
        Stream.of(CallerError.noTarget("no", "r1"), CallerError.deadline("no", "r1")).toList()) {
      com.openai.core.ObjectMappers.jsonMapper()
          .readValue(
              Json.object(ErrorBodies.body(OPENAI_CHAT, error))
                  .orElseThrow()
                  .path("error")
                  .toString(),
              com.openai.models.ErrorObject.class)
          .validate();
      com.anthropic.core.ObjectMappers.jsonMapper()
          .readValue(
              ErrorBodies.body(ANTHROPIC_MESSAGES, error), com.anthropic.models.ErrorResponse.class)
          .validate();
    }
  }

  private static List<SseEvent> relayed(Dialect inbound, Dialect outbound, String stream) {
    StreamRelay relay = StreamRelay.of(Samples.streamed(inbound), outbound, Samples.CONTEXT);
    var out = new ByteArrayOutputStream();
    Samples.events(stream).forEach(event -> out.writeBytes(relay.on(event).toCaller()));
    return Samples.events(Samples.text(out.toByteArray()));
  }
}
