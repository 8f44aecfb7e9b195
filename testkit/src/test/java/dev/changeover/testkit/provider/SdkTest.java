package dev.changeover.testkit.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The vendors' own SDKs, with strict validation, take the provider for the vendor. */
final class SdkTest {
  private final AtomicLong nanos = new AtomicLong();
  private final SimulatedProvider provider =
      SimulatedProvider.start(
          ProviderSettings.of("sigma", nanos::incrementAndGet)
              .withKey("main", "key-a")
              .withModels("small"));
  private final OpenAIClient openAi = openAi("key-a");
  private final AnthropicClient anthropic = anthropic("key-a");

  @AfterEach
  void close() {
    openAi.close();
    anthropic.close();
    provider.close();
  }

  @Test
  void openAiTakesAnAnswer() {
    ChatCompletion completion = openAi.chat().completions().create(openAiParams());
    assertThat(completion.validate().choices().getFirst().message().content())
        .contains(provider.ledger().entries().getFirst().played().text());
    assertThat(completion.usage().orElseThrow().completionTokens()).isEqualTo(12);
  }

  @Test
  void openAiTakesAStream() {
    var accumulator = ChatCompletionAccumulator.create();
    ChatCompletionCreateParams params =
        openAiParams().toBuilder()
            .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
            .build();
    try (com.openai.core.http.StreamResponse<ChatCompletionChunk> stream =
        openAi.chat().completions().createStreaming(params)) {
      stream.stream().forEach(accumulator::accumulate);
    }
    assertThat(accumulator.chatCompletion().validate().choices().getFirst().message().content())
        .contains(provider.ledger().entries().getFirst().played().text());
  }

  @Test
  void openAiListsTheModels() {
    assertThat(openAi.models().list().items())
        .extracting(model -> model.validate().id())
        .containsExactly("small");
    assertThat(openAi.models().retrieve("small").validate().id()).isEqualTo("small");
  }

  @Test
  void openAiReadsItsErrors() {
    OpenAIClient stranger = openAi("key-x");
    assertThatThrownBy(() -> stranger.chat().completions().create(openAiParams()))
        .isInstanceOf(com.openai.errors.UnauthorizedException.class)
        .hasMessageContaining("Incorrect API key provided");
    stranger.close();
  }

  @Test
  void anthropicTakesAnAnswer() {
    Message message = anthropic.messages().create(anthropicParams());
    assertThat(message.validate().content().getFirst().asText().text())
        .isEqualTo(provider.ledger().entries().getFirst().played().text());
  }

  @Test
  void anthropicTakesAStream() {
    var accumulator = MessageAccumulator.create();
    try (StreamResponse<RawMessageStreamEvent> stream =
        anthropic.messages().createStreaming(anthropicParams())) {
      stream.stream().map(RawMessageStreamEvent::validate).forEach(accumulator::accumulate);
    }
    assertThat(accumulator.message().validate().content().getFirst().asText().text())
        .isEqualTo(provider.ledger().entries().getFirst().played().text());
  }

  @Test
  void anthropicCountsTokensAndListsTheModels() {
    var params =
        MessageCountTokensParams.builder().model("small").addUserMessage("how many?").build();
    assertThat(anthropic.messages().countTokens(params).validate().inputTokens()).isPositive();
    assertThat(anthropic.models().list().items())
        .extracting(model -> model.validate().id())
        .containsExactly("small");
  }

  @Test
  void anthropicReadsItsErrors() {
    AnthropicClient stranger = anthropic("key-x");
    assertThatThrownBy(() -> stranger.messages().create(anthropicParams()))
        .isInstanceOf(UnauthorizedException.class)
        .hasMessageContaining("invalid x-api-key");
    stranger.close();
  }

  private OpenAIClient openAi(String key) {
    return OpenAIOkHttpClient.builder()
        .baseUrl(provider.openAiBaseUrl())
        .apiKey(key)
        .maxRetries(0)
        .responseValidation(true)
        .build();
  }

  private AnthropicClient anthropic(String key) {
    return AnthropicOkHttpClient.builder()
        .baseUrl(provider.anthropicBaseUrl())
        .apiKey(key)
        .maxRetries(0)
        .responseValidation(true)
        .build();
  }

  private static ChatCompletionCreateParams openAiParams() {
    return ChatCompletionCreateParams.builder().model("small").addUserMessage("hello #sdk").build();
  }

  private static MessageCreateParams anthropicParams() {
    return MessageCreateParams.builder()
        .model("small")
        .maxTokens(100)
        .addUserMessage("hello #sdk")
        .build();
  }
}
