package dev.changeover.gateway.classify;

import static dev.changeover.contract.Reason.ACCESS_DENIED;
import static dev.changeover.contract.Reason.BAD_REQUEST;
import static dev.changeover.contract.Reason.BILLING_INACTIVE;
import static dev.changeover.contract.Reason.CREDENTIAL_REJECTED;
import static dev.changeover.contract.Reason.MALFORMED_RESPONSE;
import static dev.changeover.contract.Reason.MODEL_NOT_FOUND;
import static dev.changeover.contract.Reason.OVERLOADED;
import static dev.changeover.contract.Reason.RATE_LIMITED;
import static dev.changeover.contract.Reason.REQUEST_TOO_LARGE;
import static dev.changeover.contract.Reason.SERVER_ERROR;
import static dev.changeover.contract.Reason.STREAM_BROKEN;
import static dev.changeover.contract.Reason.TIMEOUT;
import static dev.changeover.contract.Reason.UNREACHABLE;
import static dev.changeover.gateway.classify.Rule.named;

import dev.changeover.contract.Reason;
import dev.changeover.contract.Scope;

/** What a status says where nothing else is known. */
final class StatusRules {
  private static final int REDIRECT = 300;
  private static final int FORBIDDEN = 403;

  private StatusRules() {}

  /** The rule that always fits. An error of an unknown class is named as such. */
  static Rule of(Told told) {
    int status = told.status();
    return switch (told.form()) {
      case JSON -> rule(Outcome.Failure.BY_STATUS + status, status);
      case EVENT ->
          status < REDIRECT
              ? named(
                  Outcome.Failure.BY_STATUS + status,
                  STREAM_BROKEN,
                  "The stream ended with an error whose class we do not know.")
              : rule(Outcome.Failure.BY_STATUS + status, status);
      case ABSENT, TEXT -> rule("bare-status-" + status, status);
      case PAGE -> {
        Rule rule = rule("page-" + status, status);
        // a page stands before the provider and asks for no key: it refuses where we call from
        yield status == FORBIDDEN ? rule.holding(Scope.PROVIDER) : rule;
      }
    };
  }

  private static Rule rule(String name, int status) {
    Reason reason = reason(status);
    return named(
        name, reason, "The provider answered with status " + status + " and no reason we know.");
  }

  /** Whether a status tells of a mistake in the request, or of its size. */
  static boolean blamesRequest(int status) {
    return switch (status) {
      case 400, 413, 422 -> true;
      default -> false;
    };
  }

  static Reason reason(int status) {
    return switch (status) {
      case 401 -> CREDENTIAL_REJECTED;
      case 402 -> BILLING_INACTIVE;
      case 403 -> ACCESS_DENIED;
      case 404 -> MODEL_NOT_FOUND;
      case 408, 504, 524 -> TIMEOUT;
      case 413 -> REQUEST_TOO_LARGE;
      case 429 -> RATE_LIMITED;
      case 498, 503, 529 -> OVERLOADED;
      case 521, 522, 523, 525, 526, 530 -> UNREACHABLE;
      default -> ofClass(status / 100);
    };
  }

  private static Reason ofClass(int hundreds) {
    return switch (hundreds) {
      case 4 -> BAD_REQUEST;
      case 1, 2, 3 -> MALFORMED_RESPONSE; // no answer, or that of something that is no provider
      default -> SERVER_ERROR;
    };
  }
}
