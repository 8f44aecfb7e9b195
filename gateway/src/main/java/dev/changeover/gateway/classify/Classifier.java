package dev.changeover.gateway.classify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.contract.Evidence;
import dev.changeover.contract.Reason;
import dev.changeover.gateway.classify.Outcome.Delivered;
import dev.changeover.gateway.classify.Outcome.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/** What an attempt came to, read from what the provider sent or from how the connection failed. */
public final class Classifier {
  private static final Delivered DELIVERED = new Delivered();
  private static final byte[] NO_BODY = {};
  private static final int STREAM_STATUS = 200;

  /** Names as providers give to kinds of errors; keys and ids have more digits. */
  private static final Pattern NAME = Pattern.compile("(?=(?:\\D*\\d){0,4}\\D*$)[\\w.:/-]{1,64}");

  private Classifier() {}

  /**
   * The outcome of a whole reply. Its body is read before its status: an error under a success
   * status is an error.
   *
   * @param body as it was received, still coded; of an error it may be the beginning only
   * @param now the time from which a stated date counts when the reply is not dated
   */
  public static Outcome reply(
      Vendor vendor, int status, HeaderView headers, byte[] body, Instant now) {
    var reading = new Reading(vendor, status, headers, now);
    byte[] plain = BodyDecoding.decoded(body, headers).orElse(NO_BODY);
    Optional<JsonNode> json = Json.parse(plain);
    if (!isSuccess(status)) {
      return reading.error(json, form(plain, headers));
    }
    return json.isPresent() ? reading.answer(json.get()) : unreadable(status, plain.length == 0);
  }

  /**
   * The failure that one event of a stream tells of; empty where it tells of none, which includes
   * events that cannot be read. Events that cannot hold an error cost one search for a word.
   *
   * @param name the event's name, empty without one
   * @param headers of the frame or of the reply
   */
  public static Optional<Failure> event(
      Vendor vendor, String name, String data, HeaderView headers, Instant now) {
    boolean isError = name.equals("error") || headers.first(":exception-type").isPresent();
    if (!isError && !mayTellOfFailure(data)) {
      return Optional.empty();
    }
    var reading = new Reading(vendor, STREAM_STATUS, headers, now);
    Optional<JsonNode> json = Json.parse(data);
    return isError || json.filter(ErrorShapes::saysError).isPresent()
        ? Optional.of(reading.errorEvent(json))
        : json.flatMap(Classifier::ended);
  }

  /** The failure that the word says with which an answer ended: empty where it ended well. */
  public static Optional<Failure> finish(String word) {
    return Answers.finish(word)
        .map(rule -> failure(new Answers.Unusable(rule, word, ""), STREAM_STATUS));
  }

  /**
   * Whether this much of a body is a whole JSON document, so that nothing that matters is missing.
   */
  public static boolean isWhole(byte[] body, HeaderView headers) {
    return BodyDecoding.decoded(body, headers).flatMap(Json::parse).isPresent();
  }

  /** Whether an error of this status may be the caller's mistake, when its body is not known. */
  public static boolean mayBlameCaller(int status) {
    return StatusRules.blamesRequest(status);
  }

  /** A body with its content coding undone; empty where that cannot be done. */
  public static Optional<byte[]> plainBody(byte[] body, HeaderView headers) {
    return BodyDecoding.decoded(body, headers);
  }

  /** The failure of a call whose deadline for this part passed. */
  public static Failure deadline(Phase phase) {
    String rule = phase.word() + "-deadline";
    return switch (phase) {
      case CONNECT ->
          Failure.of(
              Reason.UNREACHABLE,
              rule,
              "No connection in time: check the address, the network policy and the provider.");
      case FIRST_TOKEN ->
          Failure.of(Reason.TIMEOUT, rule, "The first content did not come in time.");
      case IDLE -> Failure.of(Reason.TIMEOUT, rule, "The stream stood still for too long.");
      case ANSWER -> Failure.of(Reason.TIMEOUT, rule, "The answer did not come in time.");
      case TOTAL -> Failure.of(Reason.TIMEOUT, rule, "The call took longer than it may in all.");
    };
  }

  /** The failure of a call whose connection failed. */
  public static Failure transport(TransportFault fault) {
    return switch (fault) {
      case CONNECTION_REFUSED ->
          unreachable("connection-refused", "The provider's address refuses connections.");
      case NAME_NOT_RESOLVED ->
          unreachable("name-not-resolved", "The provider's host name has no address: check DNS.");
      case TLS_FAILED ->
          unreachable("tls-failed", "No trusted TLS connection: check certificates and tls.");
      case ADDRESS_FORBIDDEN ->
          unreachable("address-forbidden", "The provider's address may not be called from here.");
      case CLOSED_BEFORE_REPLY ->
          unreachable("closed-before-reply", "The connection closed before a reply began.");
      case NO_HTTP -> unreachable("no-http", "What answers at the address does not speak HTTP.");
      case OTHER -> unreachable("connection-failed", "The connection to the provider failed.");
      case ANSWER_CUT ->
          Failure.of(Reason.STREAM_BROKEN, "answer-cut", "The answer ended in the middle.");
      case STREAM_CUT ->
          Failure.of(Reason.STREAM_BROKEN, "stream-cut", "The stream ended before the answer did.");
    };
  }

  /** The end of an attempt whose caller went away. */
  public static Failure clientCancelled() {
    return Failure.of(Reason.CLIENT_CANCELLED, "client-cancelled", "The caller went away.");
  }

  private static Failure unreachable(String rule, String sentence) {
    return Failure.of(Reason.UNREACHABLE, rule, sentence);
  }

  private static boolean isSuccess(int status) {
    return status >= 200 && status < 300;
  }

  private static Failure unreadable(int status, boolean empty) {
    Rule rule =
        empty
            ? Rule.named("empty-body", Reason.MALFORMED_RESPONSE, "The answer has no body.")
            : Rule.named("not-json", Reason.MALFORMED_RESPONSE, "The answer is not JSON.");
    return failure(new Answers.Unusable(rule, "", ""), status);
  }

  /** Escaped text never contains the quoted word, so an answer about errors is not parsed. */
  private static boolean mayTellOfFailure(String data) {
    return data.contains("\"error\"")
        || data.contains("\"response.failed\"")
        || data.contains("\"response.incomplete\"");
  }

  /** How the whole response ended that the event carries, if it carries one. */
  private static Optional<Failure> ended(JsonNode event) {
    JsonNode response = event.path("response");
    String because = Json.text(response.path("incomplete_details"), "reason");
    return Json.text(response, "status").equals("failed") ? finish("error") : finish(because);
  }

  private static Told.Form form(byte[] body, HeaderView headers) {
    int at = 0;
    while (at < body.length && Character.isWhitespace(body[at])) {
      at++;
    }
    if (at == body.length) {
      return Told.Form.ABSENT;
    }
    boolean saysHtml =
        headers.first("content-type").filter(type -> Json.lower(type).contains("html")).isPresent();
    return saysHtml || body[at] == '<' ? Told.Form.PAGE : Told.Form.TEXT;
  }

  /** One reply while it is read. */
  private record Reading(Vendor vendor, int status, HeaderView headers, Instant now) {

    Failure error(Optional<JsonNode> body, Told.Form form) {
      return failure(
          body.flatMap(json -> ErrorShapes.read(status, headers, json))
              .or(() -> ErrorShapes.readHeader(status, headers, form))
              .orElseGet(() -> Told.only(status, body.isPresent() ? Told.Form.JSON : form)));
    }

    Failure errorEvent(Optional<JsonNode> data) {
      return failure(
          data.flatMap(json -> ErrorShapes.read(status, headers, json))
              .or(() -> ErrorShapes.readHeader(status, headers, Told.Form.EVENT))
              .orElseGet(() -> Told.only(status, Told.Form.EVENT))
              .asEvent());
    }

    /** An error may stand where the answer belongs, or beside it. */
    Outcome answer(JsonNode body) {
      Optional<Answers.Unusable> unusable = Answers.judge(body);
      boolean mayBeError =
          ErrorShapes.saysError(body) || unusable.filter(Answers.Unusable::isNothing).isPresent();
      Optional<Told> told = mayBeError ? ErrorShapes.read(status, headers, body) : Optional.empty();
      return told.<Outcome>map(this::failure)
          .or(() -> unusable.map(why -> Classifier.failure(why, status)))
          .orElse(DELIVERED);
    }

    private Failure failure(Told told) {
      Vendor.Verdict verdict = vendor.judge(told);
      Optional<Duration> wait = StatedWait.read(told, headers, now);
      Rule rule = Allowance.behind(verdict.rule(), told, wait);
      boolean byStatedWait = wait.isPresent() && verdict.rule().reason() == Reason.RATE_LIMITED;
      return new Failure(
          rule.reason(),
          rule.scope(),
          wait,
          evidence(told.type(), told.code(), rule),
          verdict.weak() && !byStatedWait,
          Sentences.scrubbed(told.message()));
    }

    private Evidence evidence(String type, String code, Rule rule) {
      return new Evidence(status, name(type), name(code), rule.name(), rule.advice());
    }
  }

  private static Failure failure(Answers.Unusable why, int status) {
    Rule rule = why.rule();
    return new Failure(
        rule.reason(),
        rule.scope(),
        Optional.empty(),
        new Evidence(status, "", name(why.word()), rule.name(), rule.advice()),
        false,
        Sentences.scrubbed(why.message()));
  }

  /** The provider's own name for the failure, unless it is more than a name. */
  private static String name(String word) {
    return NAME.matcher(word).matches() ? word : "";
  }
}
