package dev.changeover.gateway.e2e;

import dev.changeover.contract.Reason;
import dev.changeover.contract.Scope;
import dev.changeover.testkit.provider.Behaviour;
import dev.changeover.testkit.provider.Dialect;
import dev.changeover.testkit.provider.ErrorKind;
import dev.changeover.testkit.provider.Fault;
import dev.changeover.testkit.provider.VendorReplies;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What happens to a request at its first target, and what the gateway has to make of it. */
enum Trouble {
  REFUSED(Reason.UNREACHABLE),
  RESET_BEFORE_HEADERS(Reason.UNREACHABLE),
  NO_ANSWER_BEFORE_HEADERS(Reason.TIMEOUT),
  SLOW_FIRST_TOKEN(Reason.TIMEOUT),
  CUT_AFTER_HALF(Reason.STREAM_BROKEN),
  STALL_AFTER_HALF(Reason.TIMEOUT),
  ERROR_EVENT_FIRST_IN_A_200(Reason.OVERLOADED),
  ERROR_EVENT_LATE(Reason.OVERLOADED),
  HTML_PAGE(Reason.MALFORMED_RESPONSE),
  EMPTY_ANSWER(Reason.MALFORMED_RESPONSE),
  STATUS_401(Reason.CREDENTIAL_REJECTED),
  STATUS_403(Reason.ACCESS_DENIED),
  STATUS_429_WITH_A_WAIT(Reason.RATE_LIMITED),
  STATUS_429_WITHOUT(Reason.RATE_LIMITED),
  STATUS_500(Reason.SERVER_ERROR),
  STATUS_529(Reason.OVERLOADED),
  // beyond the sixteen
  ENDS_WELL_AFTER_HALF(Reason.STREAM_BROKEN),
  EMPTY_BODY(Reason.MALFORMED_RESPONSE),
  HTML_PAGE_WITH_A_502(Reason.SERVER_ERROR),
  BAN(Reason.ACCOUNT_DISABLED),
  MISSING_MONEY(Reason.BILLING_INACTIVE),
  MODEL_NOT_FOUND(Reason.MODEL_NOT_FOUND);

  static final Duration STATED_WAIT = Duration.ofSeconds(7);

  private static final int SIXTEEN = 16;
  private static final Duration FOREVER = Duration.ofSeconds(30);

  private final Reason usual;

  Trouble(Reason usual) {
    this.usual = usual;
  }

  /** The sixteen faults of the matrix. */
  static List<Trouble> sixteen() {
    return Stream.of(values()).limit(SIXTEEN).toList();
  }

  static List<Trouble> others() {
    return Stream.of(values()).skip(SIXTEEN).toList();
  }

  Behaviour at(Dialect provider) {
    boolean openAi = provider == Dialect.OPENAI;
    return switch (this) {
      case REFUSED -> new Fault.Refused();
      case RESET_BEFORE_HEADERS -> new Fault.ResetBeforeHeaders();
      case NO_ANSWER_BEFORE_HEADERS -> new Fault.NoAnswerBeforeHeaders();
      case SLOW_FIRST_TOKEN -> new Fault.SlowFirstToken(FOREVER);
      case CUT_AFTER_HALF -> new Fault.CutAfterHalf();
      case STALL_AFTER_HALF -> new Fault.StallAfterHalf();
      case ERROR_EVENT_FIRST_IN_A_200 -> new Fault.ErrorEventFirst(ErrorKind.OVERLOADED);
      case ERROR_EVENT_LATE -> new Fault.ErrorEventLate(ErrorKind.OVERLOADED);
      case HTML_PAGE -> new Fault.HtmlPage(200);
      case EMPTY_ANSWER -> new Fault.EmptyAnswer(Fault.EmptyAnswer.Form.NO_CONTENT);
      case STATUS_401 ->
          openAi ? VendorReplies.openAiInvalidKey() : VendorReplies.anthropicInvalidKey();
      case STATUS_403 ->
          openAi ? VendorReplies.openAiForbidden() : VendorReplies.anthropicForbidden();
      case STATUS_429_WITH_A_WAIT ->
          openAi
              ? VendorReplies.openAiRateLimited(STATED_WAIT)
              : VendorReplies.anthropicRateLimited(STATED_WAIT);
      case STATUS_429_WITHOUT ->
          openAi ? VendorReplies.openAiRateLimited() : VendorReplies.anthropicRateLimited();
      case STATUS_500 ->
          openAi ? VendorReplies.openAiServerError() : VendorReplies.anthropicServerError();
      case STATUS_529 ->
          openAi ? VendorReplies.openAiOverloaded() : VendorReplies.anthropicOverloaded();
      case ENDS_WELL_AFTER_HALF -> new Fault.EndAfterHalf();
      case EMPTY_BODY -> new Fault.EmptyAnswer(Fault.EmptyAnswer.Form.NO_BODY);
      case HTML_PAGE_WITH_A_502 -> new Fault.HtmlPage(502);
      case BAN ->
          openAi
              ? VendorReplies.openAiAccountDeactivated()
              : VendorReplies.anthropicOrganizationDisabled();
      case MISSING_MONEY ->
          openAi
              ? VendorReplies.recorded("openai-429-billing-not-active")
              : VendorReplies.anthropicCreditTooLow();
      case MODEL_NOT_FOUND ->
          openAi ? VendorReplies.openAiModelNotFound() : VendorReplies.anthropicModelNotFound();
    };
  }

  /** Why there is no such cell; empty where there is one. */
  Optional<String> inapplicable(boolean streaming) {
    if (streaming) {
      return Optional.empty();
    }
    return switch (this) {
      case SLOW_FIRST_TOKEN ->
          Optional.of(
              "a whole answer has no first token: that it is late is 'no answer before headers'");
      case ERROR_EVENT_LATE ->
          Optional.of(
              "a whole answer has no events: an error in it is 'error event first in a 200'");
      default -> Optional.empty();
    };
  }

  /** Whether the caller has been given content before it happens. */
  boolean afterContent(boolean streaming) {
    return streaming
        && switch (this) {
          case CUT_AFTER_HALF, STALL_AFTER_HALF, ERROR_EVENT_LATE, ENDS_WELL_AFTER_HALF -> true;
          default -> false;
        };
  }

  /** Whether only a deadline ends it. */
  boolean hangs() {
    return switch (this) {
      case NO_ANSWER_BEFORE_HEADERS, SLOW_FIRST_TOKEN, STALL_AFTER_HALF -> true;
      default -> false;
    };
  }

  /** The word that the failed attempt is given. */
  Reason reason(boolean streaming) {
    if (this == ENDS_WELL_AFTER_HALF && !streaming) {
      return Reason.MALFORMED_RESPONSE;
    }
    return this == EMPTY_BODY && streaming ? Reason.STREAM_BROKEN : usual;
  }

  /** What is held: as usual for the reason, but an account's country is nobody's model. */
  Scope scope(boolean streaming) {
    return this == STATUS_403 ? Scope.PROVIDER : reason(streaming).usualScope();
  }

  /** How often the first target is asked: a fault of the server's own is given a second chance. */
  int attemptsAtFirst() {
    return usual == Reason.SERVER_ERROR ? 2 : 1;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ').replace("status ", "");
  }
}
