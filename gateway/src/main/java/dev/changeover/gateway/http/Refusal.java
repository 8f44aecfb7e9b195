package dev.changeover.gateway.http;

import dev.changeover.contract.Reason;
import dev.changeover.contract.RouteConfig;
import dev.changeover.gateway.classify.Outcome.Failure;
import dev.changeover.gateway.dialect.CallerError;
import dev.changeover.gateway.observe.Fault;
import dev.changeover.gateway.plan.Skipped;
import dev.changeover.gateway.plan.Stop;
import dev.changeover.gateway.plan.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An error as it is sent: what is said, whose fault it is, and when it makes sense to ask again.
 *
 * @param retryIn when to ask again; empty when it makes no sense soon
 */
record Refusal(CallerError error, Fault fault, Optional<Duration> retryIn) {
  /** What is back later than this is not worth a client's wait. */
  static final Duration RETRY_MAX = Duration.ofSeconds(60);

  private static final int VERDICTS_SHOWN_MAX = 10;

  Refusal {
    retryIn = retryIn.filter(wait -> wait.compareTo(RETRY_MAX) <= 0);
  }

  /** The caller has to change something. */
  static Refusal callers(CallerError error) {
    return new Refusal(error, Fault.CALLER, Optional.empty());
  }

  /** Nothing that the caller could change. */
  static Refusal services(CallerError error, Optional<Duration> retryIn) {
    return new Refusal(error, Fault.SERVICE, retryIn);
  }

  /** The end of a run that no target answered. */
  static Refusal of(Stop stop, RouteConfig route, String requestId) {
    return switch (stop) {
      case Stop.ReturnFailure(Failure failure) -> callers(returned(failure, requestId));
      case Stop.Exhausted(List<Verdict> verdicts, Optional<Duration> backIn) ->
          exhausted(
              "No target of route %s can answer".formatted(route.name()),
              verdicts,
              backIn,
              requestId);
      case Stop.AttemptsUsed(List<Verdict> verdicts, Optional<Duration> backIn) ->
          exhausted(
              "Route %s made all the attempts that it may".formatted(route.name()),
              verdicts,
              backIn,
              requestId);
      case Stop.DeadlinePassed(List<Verdict> verdicts) ->
          services(
              CallerError.deadline(
                  "The deadline passed before a target of route %s answered%s"
                      .formatted(route.name(), told(verdicts)),
                  requestId),
              Optional.empty());
    };
  }

  private static Refusal exhausted(
      String what, List<Verdict> verdicts, Optional<Duration> backIn, String requestId) {
    String message = what + told(verdicts);
    if (allSay(Skipped.UNTRANSLATABLE, verdicts)) { // only another request, or route, helps
      return callers(CallerError.mistake(400, message, Optional.empty(), requestId));
    }
    return services(
        allSay(Reason.RATE_LIMITED.word(), verdicts)
            ? CallerError.rateLimited(message, requestId)
            : CallerError.noTarget(message, requestId),
        backIn);
  }

  private static boolean allSay(String reason, List<Verdict> verdicts) {
    return !verdicts.isEmpty()
        && verdicts.stream().allMatch(verdict -> verdict.reason().equals(reason));
  }

  /** Each target with its reason. */
  private static String told(List<Verdict> verdicts) {
    if (verdicts.isEmpty()) {
      return ": it has no target.";
    }
    return verdicts.stream()
        .limit(VERDICTS_SHOWN_MAX)
        .map(verdict ->
            "%s: %s (%s)".formatted(verdict.target(), verdict.reason(), verdict.message()))
        .collect(Collectors.joining("; ", ": ", "."));
  }

  private static CallerError returned(Failure failure, String requestId) {
    String message =
        failure.callerMessage().isBlank() ? failure.evidence().sentence() : failure.callerMessage();
    return switch (failure.reason()) {
      case CONTEXT_TOO_LONG ->
          mistake(400, "context_length_exceeded", message, Reason.CONTEXT_TOO_LONG, requestId);
      case REQUEST_TOO_LARGE -> CallerError.mistake(413, message, Optional.empty(), requestId);
      case CONTENT_FILTERED ->
          mistake(400, "content_filter", message, Reason.CONTENT_FILTERED, requestId);
      case REFUSED -> mistake(400, "content_filter", message, Reason.REFUSED, requestId);
      case BAD_REQUEST,
          CLIENT_CANCELLED,
          RATE_LIMITED,
          OVERLOADED,
          SERVER_ERROR,
          TIMEOUT,
          STREAM_BROKEN,
          MALFORMED_RESPONSE,
          UNREACHABLE,
          QUOTA_EXHAUSTED,
          BILLING_INACTIVE,
          CREDENTIAL_REJECTED,
          ACCOUNT_DISABLED,
          ACCESS_DENIED,
          MODEL_NOT_FOUND ->
          CallerError.mistake(400, message, Optional.empty(), requestId);
    };
  }

  private static CallerError mistake(
      int status, String code, String message, Reason reason, String requestId) {
    return new CallerError(
        status,
        status,
        "invalid_request_error",
        code,
        "invalid_request_error",
        message,
        Optional.empty(),
        reason.word(),
        requestId);
  }
}
