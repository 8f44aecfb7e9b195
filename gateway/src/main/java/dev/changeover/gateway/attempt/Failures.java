package dev.changeover.gateway.attempt;

import dev.changeover.contract.Reason;
import dev.changeover.gateway.classify.Classifier;
import dev.changeover.gateway.classify.Outcome.Failure;
import dev.changeover.gateway.classify.TransportFault;
import dev.changeover.gateway.health.HealthBoard;
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
                  HealthBoard.REUSED_CONNECTION_RESET,
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

  static Failure malformed(String rule, String sentence) {
    return Failure.of(Reason.MALFORMED_RESPONSE, rule, sentence);
  }
}
