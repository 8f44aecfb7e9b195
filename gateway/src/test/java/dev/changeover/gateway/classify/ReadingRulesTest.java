package dev.changeover.gateway.classify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.contract.Reason;
import dev.changeover.gateway.classify.Outcome.Failure;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The nine rules by which a reply of any provider is read, in their order. */
class ReadingRulesTest {
  private static final Instant NOW = Instant.parse("2026-08-19T12:00:00Z");
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String MISLEADING =
      "429 rate limit quota banned disabled insufficient_quota This organization has been disabled.";

  /** Known replies that have a sentence. */
  static Stream<KnownReply> sentences() {
    return KnownReply.all().stream().filter(reply -> !sentence(reply).isEmpty());
  }

  // 1. The coding is undone first; a body whose coding cannot be undone is absent.

  @ParameterizedTest
  @EnumSource(Vendor.class)
  void bodyOfUnknownCodingIsAbsent(Vendor vendor) {
    HeaderView headers = HeaderView.of(Map.of("content-encoding", "zstd", "retry-after", "9"));

    Failure failure =
        (Failure) Classifier.reply(vendor, 429, headers, bytes("{'error':{'code':'x'}}"), NOW);

    assertThat(failure.evidence().rule()).isEqualTo("bare-status-429");
    assertThat(failure.statedWait()).hasValueSatisfying(wait -> assertThat(wait).hasSeconds(9));
  }

  // 2. The body is read before the status, also under 200.

  @ParameterizedTest
  @MethodSource("sentences")
  void errorUnderSuccessIsAnError(KnownReply reply) {
    Outcome outcome = Classifier.reply(reply.vendor(), 200, HeaderView.NONE, body(reply), NOW);

    assertThat(outcome).isInstanceOf(Failure.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          {'choices':[]}                                                      | MalformedResponse
          {'choices':[{'message':{'content':''},'finish_reason':'content_filter'}]} | ContentFiltered
          {'content':[],'stop_reason':'refusal'}                              | Refused
          {'promptFeedback':{'blockReason':'SAFETY'}}                         | ContentFiltered
          {'candidates':[{'content':{},'finishReason':'PROHIBITED_CONTENT'}]} | ContentFiltered
          {'candidates':[{'index':0}]}                                        | MalformedResponse
          {'output':{'message':{}},'stopReason':'guardrail_intervened'}       | ContentFiltered
          {'message':{'content':[]},'finish_reason':'ERROR'}                  | ServerError
          """)
  void answerThatIsNoneIsAFailure(String body, String reason) {
    assertThat(failure(Vendor.OTHER, 200, body).reason().word()).isEqualTo(reason);
  }

  // 3. Class of the header, code, reason of a detail, type, sentence, status; vague ones go on.

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          {'error':{'code':'insufficient_quota','type':'overloaded_error','message':'x'}} | QuotaExhausted
          {'error':{'code':400,'status':'INVALID_ARGUMENT','message':'x','details':[{'reason':'API_KEY_INVALID'}]}} | CredentialRejected
          {'error':{'type':'overloaded_error','message':'x'}}                              | Overloaded
          {'error':{'type':'new','message':'x'}}                                           | BadRequest
          """)
  void earlierClassIsTrustedMore(String body, String reason) {
    assertThat(failure(Vendor.GOOGLE, 400, body).reason().word()).isEqualTo(reason);
  }

  @Test
  void classOfTheHeaderIsTrustedBeforeTheBody() {
    HeaderView headers =
        HeaderView.of(Map.of("x-amzn-errortype", "ModelTimeoutException:http://x"));

    Failure failure =
        (Failure)
            Classifier.reply(
                Vendor.BEDROCK,
                408,
                headers,
                bytes("{'__type':'ServiceQuotaExceededException','message':'x'}"),
                NOW);

    assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          XAI      | {'code':'permission-denied','error':'Content violates usage guidelines.'} | ContentFiltered
          XAI      | {'code':'permission-denied','error':'Something new.'}                     | AccessDenied
          DEEPSEEK | {'error':{'code':'invalid_request_error','message':'Model Not Exist'}}    | ModelNotFound
          GOOGLE   | {'error':{'status':'PERMISSION_DENIED','message':'Your API key was reported as leaked.'}} | AccountDisabled
          BEDROCK  | {'__type':'AccessDeniedException','message':'Model access is denied due to INVALID_PAYMENT_INSTRUMENT:x'} | BillingInactive
          """)
  void vagueClassLeavesItToTheSentence(Vendor vendor, String body, String reason) {
    assertThat(failure(vendor, 403, body).reason().word()).isEqualTo(reason);
  }

  // 4. A sentence counts at its start and for its own provider; what is repeated never counts.

  @ParameterizedTest
  @MethodSource("sentences")
  void sentenceThatARequestMadeItRepeatIsABadRequest(KnownReply reply) {
    ObjectNode error =
        MAPPER
            .createObjectNode()
            .put("message", "messages.0: Input tag '" + sentence(reply) + "' is not expected")
            .put("type", "invalid_request_error")
            .put("param", sentence(reply))
            .put("failed_generation", sentence(reply));
    error.putObject("metadata").put("flagged_input", sentence(reply));

    Failure failure = failure(reply.vendor(), 400, MAPPER.createObjectNode().set("error", error));

    assertThat(failure.reason()).isEqualTo(Reason.BAD_REQUEST);
    assertThat(failure.statedWait()).isEmpty();
  }

  @Test
  void sentenceOfOneProviderProvesNothingAtAnother() {
    assertThat(failure(Vendor.MISTRAL, 400, "{'message':'Content Exists Risk'}").reason())
        .isEqualTo(Reason.BAD_REQUEST);
  }

  @ParameterizedTest
  @CsvSource({"CONTENT  EXISTS\u00a0RISK", "content\\nexists risk"})
  void caseAndSpaceDoNotMatter(String sentence) {
    assertThat(failure(Vendor.DEEPSEEK, 400, "{'message':'" + sentence + "'}").reason())
        .isEqualTo(Reason.CONTENT_FILTERED);
  }

  @Test
  void typographicApostropheIsAnApostrophe() {
    String sentence = "This endpoint\u2019s maximum context length is 5 tokens.";

    assertThat(failure(Vendor.OPENROUTER, 400, "{'message':'" + sentence + "'}").reason())
        .isEqualTo(Reason.CONTEXT_TOO_LONG);
  }

  // 5. Five shapes, and JSON inside a message, two levels deep.

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          {'error':{'message':'M'}}
          {'type':'error','error':{'message':'M'}}
          [{'error':{'message':'M'}}]
          {'message':'M'}
          {'detail':'M'}
          {'detail':[{'msg':'M'}]}
          {'error':'M'}
          {'object':'error','message':'M'}
          {'Message':'M'}
          {'object':'error','message':{'detail':[{'msg':'M'}]}}
          """)
  void shapeDoesNotMatter(String shape) {
    String body = shape.replace("'M'", "'Insufficient Balance'");

    assertThat(failure(Vendor.DEEPSEEK, 402, body).evidence().rule()).isEqualTo("deepseek-balance");
  }

  @ParameterizedTest
  @CsvSource({"1, ContextTooLong", "2, ContextTooLong", "3, BadRequest"})
  void jsonInAMessageIsTheTrueErrorTwoLevelsDeep(int levels, String reason) {
    JsonNode error = error("message", "x").put("code", "context_length_exceeded");
    for (int level = 0; level < levels; level++) {
      error = error("message", MAPPER.createObjectNode().set("error", error).toString());
    }

    Failure failure =
        failure(Vendor.OPENROUTER, 400, MAPPER.createObjectNode().set("error", error));

    assertThat(failure.reason().word()).isEqualTo(reason);
  }

  // 6. A number as code in a success stands for the status.

  @ParameterizedTest
  @CsvSource({
    "401, CredentialRejected",
    "429, RateLimited",
    "502, ServerError",
    "503, Overloaded",
    "524, Timeout"
  })
  void numberInASuccessStandsForTheStatus(int code, String reason) {
    String body = "{'error':{'message':'x','code':" + code + "}}";

    for (Vendor vendor : Vendor.values()) {
      assertThat(failure(vendor, 200, body).reason().word()).isEqualTo(reason);
      assertThat(
              Classifier.event(
                  vendor,
                  "",
                  new String(bytes(body), StandardCharsets.UTF_8),
                  HeaderView.NONE,
                  NOW))
          .hasValueSatisfying(failure -> assertThat(failure.reason().word()).isEqualTo(reason));
    }
  }

  // 7. A page or a plain text says nothing about key or account.

  @ParameterizedTest
  @EnumSource(Vendor.class)
  void pageAndTextAreByStatus(Vendor vendor) {
    for (int status : List.of(400, 401, 404, 429, 502, 521)) {
      assertThat(failure(vendor, status, "<html>" + MISLEADING + "</html>").reason())
          .isEqualTo(StatusRules.reason(status));
      assertThat(failure(vendor, status, MISLEADING).reason())
          .isEqualTo(StatusRules.reason(status));
    }
  }

  // 8. An unknown class is by status and is told apart.

  @ParameterizedTest
  @EnumSource(Vendor.class)
  void unknownClassIsByStatusAndUnclassified(Vendor vendor) {
    for (int status = 400; status < 600; status++) {
      Failure failure =
          failure(vendor, status, "{'error':{'message':'Brand new.','code':'brand_new'}}");

      assertThat(failure.reason()).isEqualTo(StatusRules.reason(status));
      assertThat(failure.unclassified()).isTrue();
    }
  }

  // 9. Nothing that a message may carry gets into evidence, log or metric.

  static Stream<KnownReply> longSentences() {
    return sentences().filter(reply -> sentence(reply).length() > 20); // shorter ones are words
  }

  @ParameterizedTest
  @MethodSource("longSentences")
  void sentenceStaysOutOfTheEvidence(KnownReply reply) {
    Failure failure = (Failure) reply.classified();
    String shown = failure + " " + failure.evidence();

    assertThat(shown).doesNotContain(sentence(reply)).doesNotContain("EXAMPLE", "00000000-");
    assertThat(failure.callerMessage()).doesNotContain("EXAMPLE", "00000000-");
  }

  private static String sentence(KnownReply reply) {
    JsonNode body = reply.row().path("body");
    JsonNode outer = body.isArray() ? body.path(0) : body;
    JsonNode error = outer.path("error").isObject() ? outer.path("error") : outer;
    return Stream.of("message", "error", "detail")
        .map(error::path)
        .filter(JsonNode::isTextual)
        .map(JsonNode::asText)
        .findFirst()
        .orElse("");
  }

  private static byte[] body(KnownReply reply) {
    return reply.row().path("body").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static ObjectNode error(String field, String value) {
    return MAPPER.createObjectNode().put(field, value);
  }

  private static Failure failure(Vendor vendor, int status, JsonNode body) {
    return (Failure)
        Classifier.reply(
            vendor, status, HeaderView.NONE, body.toString().getBytes(StandardCharsets.UTF_8), NOW);
  }

  private static Failure failure(Vendor vendor, int status, String body) {
    return (Failure) Classifier.reply(vendor, status, HeaderView.NONE, bytes(body), NOW);
  }

  private static byte[] bytes(String singleQuoted) {
    return singleQuoted.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }
}
