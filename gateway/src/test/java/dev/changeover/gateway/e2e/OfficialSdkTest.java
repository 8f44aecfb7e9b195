package dev.changeover.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.OpenAIServiceException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import dev.changeover.testkit.provider.Answer;
import dev.changeover.testkit.provider.Behaviour;
import dev.changeover.testkit.provider.Dialect;
import dev.changeover.testkit.provider.Fault;
import dev.changeover.testkit.provider.LedgerEntry;
import dev.changeover.testkit.provider.SimulatedProvider;
import dev.changeover.testkit.provider.VendorReplies;
import java.time.Duration;
import java.util.Locale;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The vendors' own SDKs, unmodified and with strict validation, take the gateway for the vendor,
 * whoever answers behind it. Their usual two retries stay on: a provider that is called more often
 * than it should be stands in its ledger.
 */
final class OfficialSdkTest {
  private static final int RETRIES = 2;

  private final Scene scene = new Scene();

  private final SimulatedProvider spare = scene.provider("spare", Dialect.OPENAI);
  private final OpenAIClient openAi =
      OpenAIOkHttpClient.builder()
          .baseUrl(scene.origin() + "/v1")
          .apiKey("a-callers-key")
          .maxRetries(RETRIES)
          .responseValidation(true)
          .build();
  private final AnthropicClient anthropic =
      AnthropicOkHttpClient.builder()
          .baseUrl(scene.origin())
          .apiKey("a-callers-key")
          .maxRetries(RETRIES)
          .responseValidation(true)
          .build();

  @BeforeEach
  void putUp() {
    for (Dialect dialect : Dialect.values()) {
      scene.provider(account(dialect), dialect);
      scene.route(model(dialect), Scene.ATTEMPTS, account(dialect));
      scene.route(model(dialect) + "-and-spare", Scene.ATTEMPTS, account(dialect), "spare");
    }
    scene.apply();
  }

  @AfterEach
  void close() {
    openAi.close();
    anthropic.close();
    scene.close();
  }

  @ParameterizedTest
  @EnumSource
  void openAiTakesAnAnswer(Dialect provider) {
    ChatCompletion completion = openAi.chat().completions().create(openAiParams(model(provider)));
    // Then
    LedgerEntry entry = onlyEntry(provider);
    assertThat(completion.validate().choices().getFirst().message().content())
        .contains(entry.played().text());
    assertThat(completion.choices().getFirst().finishReason())
        .isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
    assertThat(completion.usage().orElseThrow().completionTokens()).isEqualTo(12);
    assertThat(entry.headers()).doesNotContainValue("a-callers-key");
  }

  @ParameterizedTest
  @EnumSource
  void openAiTakesAStream(Dialect provider) {
    var accumulator = openAiStream(model(provider));
    // Then
    ChatCompletion completion = accumulator.chatCompletion().validate();
    assertThat(completion.choices().getFirst().message().content())
        .contains(onlyEntry(provider).played().text());
    assertThat(completion.usage().orElseThrow().completionTokens()).isEqualTo(12);
  }

  @ParameterizedTest
  @EnumSource
  void anthropicTakesAnAnswer(Dialect provider) {
    Message message = anthropic.messages().create(anthropicParams(model(provider)));
    // Then
    assertThat(message.validate().content().getFirst().asText().text())
        .isEqualTo(onlyEntry(provider).played().text());
    assertThat(message.usage().outputTokens()).isEqualTo(12);
    assertThat(message.stopReason()).isPresent();
  }

  @ParameterizedTest
  @EnumSource
  void anthropicTakesAStream(Dialect provider) {
    Message message = anthropicStream(model(provider));
    // Then
    assertThat(message.validate().content().getFirst().asText().text())
        .isEqualTo(onlyEntry(provider).played().text());
    assertThat(message.usage().outputTokens()).isEqualTo(12);
  }

  @ParameterizedTest
  @EnumSource
  void bothAreServedByTheNextTargetWithoutNoticing(Dialect provider) {
    // Given
    account(provider, new Fault.NoAnswerBeforeHeaders());
    String model = model(provider) + "-and-spare";
    // When
    var whole = openAi.chat().completions().create(openAiParams(model));
    Message message = anthropic.messages().create(anthropicParams(model));
    Message streamed = anthropicStream(model);
    ChatCompletion streamedCompletion = openAiStream(model).chatCompletion();
    // Then
    assertThat(whole.validate().choices().getFirst().message().content().orElseThrow())
        .contains("spare");
    assertThat(message.validate().content().getFirst().asText().text()).contains("spare");
    assertThat(streamed.validate().content().getFirst().asText().text()).contains("spare");
    assertThat(streamedCompletion.validate().choices().getFirst().message().content())
        .hasValueSatisfying(text -> assertThat(text).contains("spare"));
    assertThat(spare.ledger().received()).isEqualTo(4);
  }

  @Test
  void bothListTheModels() {
    String[] models = {
      model(Dialect.ANTHROPIC),
      model(Dialect.ANTHROPIC) + "-and-spare",
      model(Dialect.OPENAI),
      model(Dialect.OPENAI) + "-and-spare"
    };
    assertThat(openAi.models().list().items())
        .extracting(model -> model.validate().id())
        .containsExactlyInAnyOrder(models);
    assertThat(anthropic.models().list().items())
        .extracting(model -> model.validate().id())
        .containsExactlyInAnyOrder(models);
    assertThat(openAi.models().retrieve(models[0]).validate().id()).isEqualTo(models[0]);
    assertThat(anthropic.models().retrieve(models[0]).validate().id()).isEqualTo(models[0]);
  }

  @Test
  void bothReadThatAModelIsUnknown() {
    var said = openAiError(() -> openAi.chat().completions().create(openAiParams("nobody")));
    var toAnthropic = anthropicError(() -> anthropic.messages().create(anthropicParams("nobody")));
    var toStream = anthropicError(() -> anthropicStream("nobody"));
    // Then
    assertThat(said).isInstanceOf(com.openai.errors.NotFoundException.class);
    assertThat(said.code()).contains("model_not_found");
    assertThat(said.param()).contains("model");
    assertThat(toAnthropic).isInstanceOf(com.anthropic.errors.NotFoundException.class);
    assertThat(toAnthropic).hasMessageContaining("GET /v1/models");
    assertThat(toStream).isInstanceOf(com.anthropic.errors.NotFoundException.class);
  }

  @ParameterizedTest
  @EnumSource
  void bothReadTheirOwnMistakesFromWhoeverFoundThem(Dialect provider) {
    // Given: the gateway passes it, the provider does not
    var params = openAiParams(model(provider)).toBuilder().temperature(9.5).build();
    account(provider, badRequest(provider));
    // When
    var said = openAiError(() -> openAi.chat().completions().create(params));
    var toAnthropic =
        anthropicError(() -> anthropic.messages().create(anthropicParams(model(provider))));
    // Then
    assertThat(said).isInstanceOf(com.openai.errors.BadRequestException.class);
    assertThat(said.type()).contains("invalid_request_error");
    assertThat(toAnthropic).isInstanceOf(com.anthropic.errors.BadRequestException.class);
    assertThat(scene.holds(account(provider))).isEmpty();
    assertThat(scene.simulated(account(provider)).ledger().received()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void exhaustionIsReadAndDoesNotMultiplyTheLoad(Dialect provider) {
    // Given
    account(
        provider,
        provider == Dialect.OPENAI
            ? VendorReplies.openAiAccountDeactivated()
            : VendorReplies.anthropicOrganizationDisabled());
    // When
    var said = openAiError(() -> openAi.chat().completions().create(openAiParams(model(provider))));
    var toStream = openAiError(() -> openAiStream(model(provider)));
    var toAnthropic =
        anthropicError(() -> anthropic.messages().create(anthropicParams(model(provider))));
    // Then
    assertThat(said.statusCode()).isEqualTo(503);
    assertThat(said.code()).contains("no_target_available");
    assertThat(said.headers().values("x-should-retry")).containsExactly("false");
    assertThat(toStream.statusCode()).isEqualTo(503);
    assertThat(toAnthropic.statusCode()).isEqualTo(529);
    assertThat(toAnthropic).hasMessageContaining("AccountDisabled");
    assertThat(scene.simulated(account(provider)).ledger().received()).isEqualTo(1);
    assertThat(scene.metrics().sum("llm_gateway_requests_total")).isEqualTo(3); // no retry came
  }

  @ParameterizedTest
  @EnumSource
  void aShortRateLimitIsWaitedForByTheSdkItself(Dialect provider) {
    // Given
    scene
        .simulated(account(provider))
        .script(call ->
            call.number() == 1
                ? (provider == Dialect.OPENAI
                    ? VendorReplies.openAiRateLimited(Duration.ofSeconds(1))
                    : VendorReplies.anthropicRateLimited(Duration.ofSeconds(1)))
                : Answer.atOnce());
    // When
    ChatCompletion completion = openAi.chat().completions().create(openAiParams(model(provider)));
    // Then
    assertThat(completion.validate().choices()).hasSize(1);
    assertThat(scene.simulated(account(provider)).ledger().received()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void aBrokenStreamIsAnErrorAndNoShortAnswer(Dialect provider) {
    // Given
    account(provider, new Fault.CutAfterHalf());
    // When
    Throwable toOpenAi = catchThrowable(() -> openAiStream(model(provider)));
    Throwable toAnthropic = catchThrowable(() -> anthropicStream(model(provider)));
    // Then
    assertThat(toOpenAi).isNotNull().hasMessageContaining("broke off");
    assertThat(toAnthropic).isNotNull().hasMessageContaining("broke off");
  }

  private ChatCompletionAccumulator openAiStream(String model) {
    var accumulator = ChatCompletionAccumulator.create();
    ChatCompletionCreateParams params =
        openAiParams(model).toBuilder()
            .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
            .build();
    try (com.openai.core.http.StreamResponse<ChatCompletionChunk> stream =
        openAi.chat().completions().createStreaming(params)) {
      stream.stream().map(ChatCompletionChunk::validate).forEach(accumulator::accumulate);
    }
    return accumulator;
  }

  private Message anthropicStream(String model) {
    var accumulator = MessageAccumulator.create();
    try (StreamResponse<RawMessageStreamEvent> stream =
        anthropic.messages().createStreaming(anthropicParams(model))) {
      stream.stream().map(RawMessageStreamEvent::validate).forEach(accumulator::accumulate);
    }
    return accumulator.message();
  }

  private LedgerEntry onlyEntry(Dialect provider) {
    var entries = scene.simulated(account(provider)).ledger().entries();
    assertThat(entries).hasSize(1);
    return entries.getFirst();
  }

  private void account(Dialect provider, Behaviour behaviour) {
    scene.simulated(account(provider)).always(behaviour);
  }

  private static Fault.Reply badRequest(Dialect provider) {
    return VendorReplies.recorded(
        switch (provider) {
          case OPENAI -> "openai-400-unsupported-parameter";
          case ANTHROPIC -> "anthropic-400-unsupported-effort";
        });
  }

  private static OpenAIServiceException openAiError(ThrowingCallable call) {
    return catchThrowableOfType(OpenAIServiceException.class, call);
  }

  private static AnthropicServiceException anthropicError(ThrowingCallable call) {
    return catchThrowableOfType(AnthropicServiceException.class, call);
  }

  private static ChatCompletionCreateParams openAiParams(String model) {
    return ChatCompletionCreateParams.builder().model(model).addUserMessage("hello #sdk").build();
  }

  private static MessageCreateParams anthropicParams(String model) {
    return MessageCreateParams.builder()
        .model(model)
        .maxTokens(100)
        .addUserMessage("hello #sdk")
        .build();
  }

  private static String account(Dialect dialect) {
    return "by-" + dialect.name().toLowerCase(Locale.ROOT);
  }

  private static String model(Dialect dialect) {
    return "answered-" + account(dialect);
  }
}
