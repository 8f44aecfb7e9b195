package dev.changeover.gateway.classify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.contract.Evidence;
import dev.changeover.contract.Reason;
import dev.changeover.contract.Scope;
import dev.changeover.gateway.classify.Outcome.Delivered;
import dev.changeover.gateway.classify.Outcome.Failure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ClassifierTest {
  private static final Instant NOW = Instant.parse("2026-08-19T12:00:00Z");
  private static final String BANNED = "This organization has been disabled.";

  /** A reply with single quotes for double ones, and reason, scope and rule that it comes to. */
  record Case(String sentence, Vendor vendor, int status, String body, String told) {
    @Override
    public String toString() {
      return sentence;
    }
  }

  static Stream<Case> failures() {
    return Stream.of(
        openai(
            "an unknown code is by status",
            400,
            "{'error':{'message':'m','code':'brand_new'}}",
            "BadRequest REQUEST status-400"),
        openai(
            "a class of Anthropic's is understood",
            529,
            anthropicError("overloaded_error", "x"),
            "Overloaded MODEL anthropic-overloaded"),
        openai(
            "a day's bucket is a quota of one model",
            429,
            "{'error':{'message':'Rate limit reached for gpt-4o in organization org-E on requests per"
                + " day (RPD): Limit 200. Please try again in 7s.','code':'rate_limit_exceeded'}}",
            "QuotaExhausted MODEL openai-rate-limit"),
        openai(
            "300 s are still a rate limit",
            429,
            "{'error':{'message':'Please try again in 300s','code':'rate_limit_exceeded'}}",
            "RateLimited MODEL openai-rate-limit"),
        openai(
            "more than 300 s are a quota",
            429,
            "{'error':{'message':'Please try again in 300.1s','code':'rate_limit_exceeded'}}",
            "QuotaExhausted PROVIDER openai-rate-limit"),
        openai(
            "too large for the bucket, whatever the code",
            413,
            "{'error':{'message':'Request too large for gpt-4o','code':'rate_limit_exceeded'}}",
            "RequestTooLarge REQUEST openai-request-above-limit"),
        openai(
            "terminated access is the ban",
            403,
            "{'error':{'message':'Your access was terminated due to violation of our policies',"
                + "'type':'access_terminated','code':null}}",
            "AccountDisabled PROVIDER openai-account-deactivated"),
        openai(
            "an organization spend limit",
            429,
            "{'error':{'message':'x','code':'organization_spend_limit_exceeded'}}",
            "QuotaExhausted PROVIDER openai-spend-limit"),
        openai(
            "no credit left",
            429,
            "{'error':{'message':'x','type':'insufficient_quota','code':'credit_balance_exhausted'}}",
            "BillingInactive PROVIDER openai-billing-not-active"),
        openai(
            "an error object under a success status",
            200,
            "{'error':{'message':'x','code':'insufficient_quota'}}",
            "QuotaExhausted PROVIDER openai-insufficient-quota"),
        openai(
            "a number in it stands for the status",
            200,
            "{'error':{'message':'x','code':502}}",
            "ServerError MODEL status-502"),
        openai(
            "an error of unknown class under a success status is no answer",
            200,
            "{'error':{'message':'x'}}",
            "MalformedResponse MODEL status-200"),
        openai(
            "success without JSON", 200, "<html>hello</html>", "MalformedResponse MODEL not-json"),
        openai("success without a body", 200, "", "MalformedResponse MODEL empty-body"),
        openai(
            "success with something else", 200, "{'hello':1}", "MalformedResponse MODEL no-answer"),
        openai(
            "success with a choice that holds nothing",
            200,
            "{'choices':[{'index':0}]}",
            "MalformedResponse MODEL no-answer"),
        openai(
            "a refusal in a response's part",
            200,
            "{'object':'response','status':'completed','error':null,'output':[{'type':'message',"
                + "'content':[{'type':'refusal','refusal':'No.'}]}]}",
            "Refused REQUEST finish-refusal"),
        openai(
            "a response cut by the filter",
            200,
            "{'object':'response','status':'incomplete','error':null,"
                + "'incomplete_details':{'reason':'content_filter'},'output':[]}",
            "ContentFiltered REQUEST finish-content-filter"),
        openai(
            "a failed response",
            200,
            "{'object':'response','status':'failed','error':{'code':'server_error','message':'x'},"
                + "'output':[]}",
            "ServerError MODEL openai-server-error"),
        openai(
            "an HTML page says nothing about the key",
            401,
            "<html>banned 429 quota</html>",
            "CredentialRejected CREDENTIAL page-401"),
        openai(
            "a page that forbids refuses where we call from",
            403,
            "<!doctype html>",
            "AccessDenied PROVIDER page-403"),
        openai("no body is by status", 429, "", "RateLimited MODEL bare-status-429"),
        openai("a redirect is no answer", 302, "", "MalformedResponse MODEL bare-status-302"),
        openai("a teapot", 418, "{}", "BadRequest REQUEST status-418"),
        openai(
            "flat fields",
            401,
            "{'message':'Incorrect API key provided: x'}",
            "CredentialRejected CREDENTIAL openai-invalid-key-sentence"),
        anthropic(
            "the ban under any type",
            403,
            anthropicError("permission_error", BANNED),
            "AccountDisabled PROVIDER anthropic-organization-disabled"),
        anthropic(
            "the ban of the account",
            403,
            anthropicError(
                "permission_error",
                "Your account has been disabled after an automatic review of your activities."),
            "AccountDisabled PROVIDER anthropic-organization-disabled"),
        anthropic(
            "a disabled key is one key",
            401,
            anthropicError("authentication_error", "This API key has been disabled."),
            "AccountDisabled CREDENTIAL anthropic-key-disabled"),
        anthropic(
            "a limit of the workspace behind the code of any limit",
            429,
            "{'type':'error','error':{'type':'rate_limit_error','message':'You have reached your API"
                + " usage limits: your workspace has crossed its monthly threshold.',"
                + "'details':{'error_code':'enforced_spend_limit_reached'}}}",
            "QuotaExhausted CREDENTIAL anthropic-workspace-limit-sentence"),
        anthropic(
            "a model that the account may not use",
            403,
            anthropicError("permission_error", "Your account may not use this model."),
            "AccessDenied MODEL anthropic-permission"),
        anthropic(
            "a key without the right",
            403,
            anthropicError(
                "permission_error",
                "Your API key does not have permission to use the specified resource."),
            "AccessDenied CREDENTIAL anthropic-key-for-other-use"),
        anthropic(
            "the ban in other spacing and case",
            400,
            anthropicError(
                "invalid_request_error", "  this\\u00a0ORGANIZATION  has been\\ndisabled"),
            "AccountDisabled PROVIDER anthropic-organization-disabled"),
        anthropic(
            "the ban, as the OpenAI-compatible endpoint says it",
            400,
            "{'error':{'code':'invalid_request_error','message':'" + BANNED + "','param':null}}",
            "AccountDisabled PROVIDER anthropic-organization-disabled"),
        anthropic(
            "the ban, passed on as text in another's error",
            502,
            "{'error':{'message':'{\\'type\\':\\'error\\',\\'error\\':{\\'type\\':\\'invalid_request_error\\',"
                + "\\'message\\':\\'"
                + BANNED
                + "\\'}}','code':502}}",
            "AccountDisabled PROVIDER anthropic-organization-disabled"),
        anthropic(
            "a typographic apostrophe",
            429,
            anthropicError("rate_limit_error", "You\\u2019ve reached your API usage limits."),
            "QuotaExhausted PROVIDER anthropic-usage-limit"),
        anthropic(
            "the ban sentence further inside is no ban",
            400,
            anthropicError("invalid_request_error", "tools.0: " + BANNED),
            "BadRequest REQUEST anthropic-invalid-request"),
        anthropic(
            "a workspace's limit leaves other keys",
            400,
            anthropicError(
                "invalid_request_error",
                "You have reached your specified workspace API usage limits."),
            "QuotaExhausted CREDENTIAL anthropic-workspace-usage-limit"),
        anthropic(
            "a day's bucket of one model",
            429,
            anthropicError(
                "rate_limit_error",
                "This request would exceed your organization's rate limit of 5 input tokens per day"
                    + " (org: 1, model: claude-sonnet-4-5)."),
            "QuotaExhausted MODEL anthropic-rate-limit"),
        anthropic(
            "output and input together too long",
            400,
            anthropicError(
                "invalid_request_error",
                "input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000"),
            "ContextTooLong REQUEST anthropic-prompt-too-long"),
        anthropic(
            "a server error",
            500,
            anthropicError("api_error", "Internal server error"),
            "ServerError MODEL anthropic-server-error"),
        anthropic(
            "an unknown type is by status",
            418,
            anthropicError("teapot_error", "x"),
            "BadRequest REQUEST status-418"),
        anthropic(
            "a class of OpenAI's is understood",
            400,
            "{'error':{'message':'x','type':'invalid_request_error','code':'context_length_exceeded'}}",
            "ContextTooLong REQUEST openai-context-length"),
        anthropic(
            "no content and no reason",
            200,
            "{'type':'message','content':[],'stop_reason':null}",
            "MalformedResponse MODEL no-answer"),
        other(
            "OpenAI's codes",
            400,
            "{'error':{'message':'x','code':'context_length_exceeded'}}",
            "ContextTooLong REQUEST openai-context-length"),
        other(
            "sentences prove nothing elsewhere",
            400,
            anthropicError("invalid_request_error", BANNED),
            "BadRequest REQUEST openai-invalid-request"),
        other(
            "a text instead of an object", 503, "{'error':'busy'}", "Overloaded MODEL status-503"),
        other(
            "a detail list",
            422,
            "{'detail':[{'msg':'field required'}]}",
            "BadRequest REQUEST status-422"),
        other(
            "a filter's finish word",
            200,
            "{'choices':[{'finish_reason':'content_filter'}]}",
            "ContentFiltered REQUEST finish-content-filter"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void replyIsFailure(Case reply) {
    Outcome outcome = reply(reply.vendor(), reply.status(), reply.body());

    assertThat(told(outcome)).isEqualTo(reply.told());
  }

  static Stream<Case> answers() {
    return Stream.of(
        openai(
            "a choice",
            200,
            "{'choices':[{'message':{'content':'hi'},'finish_reason':'stop'}]}",
            ""),
        openai(
            "a tool call",
            200,
            "{'choices':[{'message':{'content':null,'refusal':null,'tool_calls':[{}]},"
                + "'finish_reason':'tool_calls'}]}",
            ""),
        openai(
            "an empty text with a reason",
            200,
            "{'choices':[{'message':{'content':''},'finish_reason':'stop'}]}",
            ""),
        openai(
            "an answer cut by its own limit",
            200,
            "{'choices':[{'message':{'content':'h'},'finish_reason':'length'}]}",
            ""),
        openai(
            "one good choice of two",
            200,
            "{'choices':[{'finish_reason':'content_filter'},"
                + "{'message':{'content':'hi'},'finish_reason':'stop'}]}",
            ""),
        openai(
            "a response",
            200,
            "{'object':'response','status':'completed','error':null,'output':[{'type':'message',"
                + "'content':[{'type':'output_text','text':'hi'}]}]}",
            ""),
        openai("a list of models", 200, "{'object':'list','data':[]}", ""),
        anthropic(
            "a message",
            200,
            "{'type':'message','content':[{'type':'text','text':'hi'}],'stop_reason':'end_turn'}",
            ""),
        anthropic(
            "a turn that ends without a word",
            200,
            "{'type':'message','content':[],'stop_reason':'end_turn'}",
            ""),
        anthropic("a count of tokens", 200, "{'input_tokens':12}", ""),
        anthropic(
            "an answer about errors",
            200,
            "{'type':'message','content':[{'type':'text','text':'{\\'error\\':{\\'code\\':429}}'}],"
                + "'stop_reason':'end_turn'}",
            ""));
  }

  @ParameterizedTest
  @MethodSource("answers")
  void answerIsDelivered(Case reply) {
    assertThat(reply(reply.vendor(), reply.status(), reply.body())).isEqualTo(new Delivered());
  }

  @Test
  void evidenceNamesTypeCodeAndRuleAndNothingElse() {
    Failure failure =
        failure(
            Vendor.OPENAI,
            429,
            "{'error':{'message':'secret prompt','type':'tokens',"
                + "'code':'rate_limit_exceeded'}}");

    assertThat(failure.evidence())
        .isEqualTo(
            new Evidence(
                429,
                "tokens",
                "rate_limit_exceeded",
                "openai-rate-limit",
                "Calls come too fast for the account's limit: wait, or ask the provider for a"
                    + " higher one."));
    assertThat(failure.callerMessage()).isEmpty();
  }

  @Test
  void codeThatIsAKeyIsNotShown() {
    Failure failure =
        failure(Vendor.OPENAI, 400, "{'error':{'message':'x','code':'sk-4f9a8b7c6d5e4f3a'}}");

    assertThat(failure.evidence().code()).isEmpty();
  }

  @Test
  void callerGetsTheProvidersSentenceBackWithoutKeys() {
    Failure failure =
        failure(
            Vendor.OPENAI,
            400,
            "{'error':{'message':'Bad value for sk-proj-ABCDEFGHIJKLMNOP"
                + " of org-ABCDEF123456','type':'invalid_request_error'}}");

    assertThat(failure.callerMessage()).isEqualTo("Bad value for [redacted] of [redacted]");
    assertThat(failure.toString()).doesNotContain("Bad value");
  }

  @Test
  void callerGetsNoMoreThanTheBeginning() {
    Failure failure =
        failure(Vendor.OPENAI, 400, "{'error':{'message':'" + "x".repeat(100_000) + "'}}");

    assertThat(failure.callerMessage()).hasSize(Failure.CALLER_MESSAGE_MAX);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          401 | {'error':'no'} | true
          401 | {'error':{'message':'x','code':'invalid_api_key'}} | false
          404 | not found | true
          503 | not found | false
          400 | not found | false
          """)
  void definiteReasonOfAnUnknownOriginIsDoubtfulWithoutAClass(
      int status, String body, boolean doubtful) {
    assertThat(failure(Vendor.OTHER, status, body).doubtful()).isEqualTo(doubtful);
  }

  @Test
  void statedWaitOfAnUnknownOriginIsBelieved() {
    Outcome outcome =
        Classifier.reply(
            Vendor.OTHER, 429, HeaderView.of(Map.of("Retry-After", "7")), new byte[0], NOW);

    assertThat(outcome)
        .isEqualTo(
            new Failure(
                Reason.RATE_LIMITED,
                Scope.MODEL,
                Optional.of(Duration.ofSeconds(7)),
                ((Failure) outcome).evidence(),
                false,
                ""));
  }

  @Test
  void callerChosenHeadersMakeAFailureDoubtful() {
    Failure failure = failure(Vendor.OPENAI, 401, "{'error':{'code':'invalid_api_key'}}");

    assertThat(failure.doubtful()).isFalse();
    assertThat(failure.asDoubtful().doubtful()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          400 | {'error':{'message':'x','code':'brand_new'}} | true
          400 | {'error':{'message':'x','type':'invalid_request_error'}} | false
          502 | <html></html> | false
          """)
  void errorOfUnknownClassIsUnclassified(int status, String body, boolean unclassified) {
    assertThat(failure(Vendor.OPENAI, status, body).unclassified()).isEqualTo(unclassified);
  }

  static Stream<Case> events() {
    return Stream.of(
        openai(
            "an error object in a chunk",
            200,
            "{'error':{'message':'x','code':'rate_limit_exceeded'}}",
            "RateLimited MODEL openai-rate-limit"),
        openai(
            "a flat error event",
            200,
            "{'type':'error','code':'context_length_exceeded','message':'x','param':null}",
            "ContextTooLong REQUEST openai-context-length"),
        openai(
            "a failed response",
            200,
            "{'type':'response.failed','response':{'status':'failed','error':"
                + "{'code':'rate_limit_exceeded','message':'x'}}}",
            "RateLimited MODEL openai-rate-limit"),
        openai(
            "a failed response without an error",
            200,
            "{'type':'response.failed','response':{'status':'failed','error':null}}",
            "ServerError MODEL finish-error"),
        openai(
            "a response cut by the filter",
            200,
            "{'type':'response.incomplete','response':{'status':'incomplete','error':null,"
                + "'incomplete_details':{'reason':'content_filter'}}}",
            "ContentFiltered REQUEST finish-content-filter"),
        openai(
            "an unknown error breaks the stream",
            200,
            "{'error':{'message':'x','code':'new'}}",
            "StreamBroken MODEL status-200"),
        openai(
            "a caller's mistake stays the caller's",
            200,
            "{'error':{'message':'x','type':'invalid_request_error'}}",
            "BadRequest REQUEST openai-invalid-request"),
        anthropic(
            "a ban in mid-stream",
            200,
            anthropicError("permission_error", BANNED),
            "AccountDisabled PROVIDER anthropic-organization-disabled"),
        other(
            "a number stands for the status",
            200,
            "{'error':{'message':'x','code':429}}",
            "RateLimited MODEL status-429"));
  }

  @ParameterizedTest
  @MethodSource("events")
  void eventTellsOfFailure(Case event) {
    Optional<Failure> failure = event(event.vendor(), "", event.body());

    assertThat(failure.map(ClassifierTest::told)).contains(event.told());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          {'choices':[{'delta':{'content':'hi'}}]}
          {'choices':[{'delta':{'content':'hi'}}],'error':null}
          {'type':'content_block_delta','delta':{'type':'text_delta','text':'"error"'}}
          {'type':'content_block_start','content_block':{'input':{'error':{'code':429}}}}
          {'type':'response.created','response':{'status':'in_progress','error':null}}
          {'type':'response.incomplete','response':{'status':'incomplete','incomplete_details':{'reason':'max_output_tokens'}}}
          [DONE]
          {'error':{'code'
          """)
  void eventIsNoFailure(String data) {
    assertThat(event(Vendor.OPENAI, "", data)).isEmpty();
  }

  @Test
  void errorEventThatCannotBeReadBreaksTheStream() {
    Optional<Failure> failure = event(Vendor.ANTHROPIC, "error", "upstream connect error");

    assertThat(failure.map(ClassifierTest::told)).contains("StreamBroken MODEL status-200");
  }

  @Test
  void frameHeaderNamesTheError() {
    HeaderView frame = HeaderView.of(Map.of(":exception-type", "modelStreamErrorException"));

    Optional<Failure> failure =
        Classifier.event(Vendor.OTHER, "", "{\"message\":\"x\"}", frame, NOW);

    assertThat(failure.map(ClassifierTest::told)).contains("StreamBroken MODEL stream-fault");
  }

  @ParameterizedTest
  @CsvSource({
    "refusal, Refused",
    "content_filter, ContentFiltered",
    "SAFETY, ContentFiltered",
    "insufficient_system_resource, Overloaded",
    "error, ServerError",
    "stop, -",
    "end_turn, -",
    "tool_use, -",
    "length, -"
  })
  void finishWordTellsHowItEnded(String word, String reason) {
    assertThat(Classifier.finish(word).map(failure -> failure.reason().word()).orElse("-"))
        .isEqualTo(reason);
  }

  @ParameterizedTest
  @CsvSource({
    "CONNECT, Unreachable PROVIDER connect-deadline",
    "FIRST_TOKEN, Timeout MODEL first-token-deadline",
    "IDLE, Timeout MODEL idle-deadline",
    "ANSWER, Timeout MODEL answer-deadline",
    "TOTAL, Timeout MODEL total-deadline"
  })
  void deadlineIsTimeoutOnceAConnectionStood(Phase phase, String told) {
    assertThat(told(Classifier.deadline(phase))).isEqualTo(told);
  }

  @ParameterizedTest
  @EnumSource(
      value = TransportFault.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"ANSWER_CUT", "STREAM_CUT"})
  void faultBeforeTheReplyIsUnreachable(TransportFault fault) {
    assertThat(Classifier.transport(fault))
        .extracting(Failure::reason, Failure::scope)
        .containsExactly(Reason.UNREACHABLE, Scope.PROVIDER);
  }

  @ParameterizedTest
  @EnumSource(
      value = TransportFault.class,
      names = {"ANSWER_CUT", "STREAM_CUT"})
  void faultInsideTheReplyBreaksIt(TransportFault fault) {
    assertThat(Classifier.transport(fault).reason()).isEqualTo(Reason.STREAM_BROKEN);
  }

  @Test
  void callerWhoLeftHoldsNothing() {
    assertThat(told(Classifier.clientCancelled()))
        .isEqualTo("ClientCancelled REQUEST client-cancelled");
  }

  private static Case openai(String sentence, int status, String body, String told) {
    return new Case("OpenAI: " + sentence, Vendor.OPENAI, status, body, told);
  }

  private static Case anthropic(String sentence, int status, String body, String told) {
    return new Case("Anthropic: " + sentence, Vendor.ANTHROPIC, status, body, told);
  }

  private static Case other(String sentence, int status, String body, String told) {
    return new Case("other: " + sentence, Vendor.OTHER, status, body, told);
  }

  private static String anthropicError(String type, String message) {
    return "{'type':'error','error':{'type':'"
        + type
        + "','message':'"
        + message.replace("'", "\\u0027")
        + "'},'request_id':'req_1'}";
  }

  private static Outcome reply(Vendor vendor, int status, String body) {
    return Classifier.reply(
        vendor, status, HeaderView.NONE, json(body).getBytes(StandardCharsets.UTF_8), NOW);
  }

  private static Failure failure(Vendor vendor, int status, String body) {
    return (Failure) reply(vendor, status, body);
  }

  private static Optional<Failure> event(Vendor vendor, String name, String data) {
    return Classifier.event(vendor, name, json(data), HeaderView.NONE, NOW);
  }

  private static String json(String singleQuoted) {
    return singleQuoted.replace("\"", "\\\"").replace('\'', '"');
  }

  private static String told(Outcome outcome) {
    return switch (outcome) {
      case Delivered _ -> "";
      case Failure failure ->
          "%s %s %s".formatted(failure.reason(), failure.scope(), failure.evidence().rule());
    };
  }
}
