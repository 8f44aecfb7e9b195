package dev.changeover.gateway.attempt;

import dev.changeover.contract.Reason;
import dev.changeover.gateway.classify.Classifier;
import dev.changeover.gateway.classify.Outcome.Failure;
import dev.changeover.gateway.classify.TransportFault;
import dev.changeover.gateway.upstream.Lost;

/** Failures that no reply of a provider states. */
final class Failures {
  private Failures() {}

  static Failure of(Lost lost) {
    return switch (lost) {
      case Lost.Fault(TransportFault fault, boolean reused) ->
          reused && fault == TransportFault.CLOSED_BEFORE_REPLY
              ? Failure.of(
                  Reason.UNREACHABLE,
                  Failure.REUSED_CONNECTION_RESET,
                  "A kept connection was closed before its next reply.")
              : Classifier.transport(fault);
      case Lost.Late late -> Classifier.deadline(late.phase());
      case Lost.OutOfTime() ->
          Failure.of(
              Reason.TIMEOUT, "request-deadline", "The request's deadline passed meanwhile.");
      case Lost.Aborted() -> Classifier.transport(TransportFault.STREAM_CUT);
    };
  }

  /** A deadline that left the provider too little time to judge it by. */
  static Failure hurried() {
    return Failure.of(
        Reason.CLIENT_CANCELLED,
        "request-deadline",
        "The request's deadline left the provider too little time.");
  }

  static Failure streamCut() {
    return Classifier.transport(TransportFault.STREAM_CUT);
  }

  /** The stream stood still but for keep-alives. */
  static Failure onlyPings() {
    return Failure.of(
        Reason.TIMEOUT, "only-pings", "The stream sent nothing but keep-alives for too long.");
  }

  /**
   * Whether headers of the caller's own choice, such as a beta it has no right to, can be why a
   * provider says this. They cannot be why an account is disabled, unpaid or refuses its key.
   */
  static boolean mayComeOfHeaders(Reason reason) {
    return switch (reason) {
      case ACCESS_DENIED, MODEL_NOT_FOUND, QUOTA_EXHAUSTED -> true;
      case RATE_LIMITED,
          OVERLOADED,
          SERVER_ERROR,
          TIMEOUT,
          STREAM_BROKEN,
          MALFORMED_RESPONSE,
          UNREACHABLE,
          BILLING_INACTIVE,
          CREDENTIAL_REJECTED,
          ACCOUNT_DISABLED,
          CONTEXT_TOO_LONG,
          REQUEST_TOO_LARGE,
          CONTENT_FILTERED,
          REFUSED,
          BAD_REQUEST,
          CLIENT_CANCELLED ->
          false;
    };
  }

  static Failure malformed(String rule, String sentence) {
    return Failure.of(Reason.MALFORMED_RESPONSE, rule, sentence);
  }
}
