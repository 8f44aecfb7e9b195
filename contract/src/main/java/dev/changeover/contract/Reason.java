package dev.changeover.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Why an attempt at a provider gave no answer. The word is the same in status, Event, metric, log
 * and header; decisions about a reason are exhaustive switches.
 */
public enum Reason {
  RATE_LIMITED("RateLimited"),
  OVERLOADED("Overloaded"),
  SERVER_ERROR("ServerError"),
  TIMEOUT("Timeout"),
  STREAM_BROKEN("StreamBroken"),
  MALFORMED_RESPONSE("MalformedResponse"),
  UNREACHABLE("Unreachable"),
  QUOTA_EXHAUSTED("QuotaExhausted"),
  BILLING_INACTIVE("BillingInactive"),
  CREDENTIAL_REJECTED("CredentialRejected"),
  /** The ban: account, organisation, project or key was disabled, suspended or restricted. */
  ACCOUNT_DISABLED("AccountDisabled"),
  ACCESS_DENIED("AccessDenied"),
  MODEL_NOT_FOUND("ModelNotFound"),
  CONTEXT_TOO_LONG("ContextTooLong"),
  REQUEST_TOO_LARGE("RequestTooLarge"),
  CONTENT_FILTERED("ContentFiltered"),
  REFUSED("Refused"),
  BAD_REQUEST("BadRequest"),
  CLIENT_CANCELLED("ClientCancelled");

  private static final Map<String, Reason> BY_WORD =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(Reason::word, Function.identity()));

  private final String word;

  Reason(String word) {
    this.word = word;
  }

  /** The public word, in PascalCase. */
  @JsonValue
  public String word() {
    return word;
  }

  public static Optional<Reason> ofWord(String word) {
    return Optional.ofNullable(BY_WORD.get(word));
  }

  @JsonCreator
  static Reason parse(String word) {
    return ofWord(word)
        .orElseThrow(() -> new IllegalArgumentException("'" + word + "' is no known reason"));
  }

  /** What a hold for this reason covers when the reply does not say otherwise. */
  public Scope usualScope() {
    return switch (this) {
      case ACCOUNT_DISABLED, QUOTA_EXHAUSTED, BILLING_INACTIVE, UNREACHABLE -> Scope.PROVIDER;
      case CREDENTIAL_REJECTED -> Scope.CREDENTIAL;
      case RATE_LIMITED,
          OVERLOADED,
          SERVER_ERROR,
          TIMEOUT,
          STREAM_BROKEN,
          MALFORMED_RESPONSE,
          ACCESS_DENIED,
          MODEL_NOT_FOUND ->
          Scope.MODEL;
      case CONTEXT_TOO_LONG,
          REQUEST_TOO_LARGE,
          CONTENT_FILTERED,
          REFUSED,
          BAD_REQUEST,
          CLIENT_CANCELLED ->
          Scope.REQUEST;
    };
  }

  /** Whether the failure is a mark against the provider, not against the request. */
  public boolean countsAgainstHealth() {
    return usualScope() != Scope.REQUEST;
  }

  /**
   * How a hold for this reason behaves: whether it is known for certain and shared with the whole
   * fleet, and how it ends.
   */
  public Certainty certainty() {
    return switch (this) {
      case RATE_LIMITED,
          QUOTA_EXHAUSTED,
          BILLING_INACTIVE,
          CREDENTIAL_REJECTED,
          ACCOUNT_DISABLED,
          ACCESS_DENIED,
          MODEL_NOT_FOUND ->
          Certainty.DEFINITE;
      case OVERLOADED, SERVER_ERROR, TIMEOUT, STREAM_BROKEN, MALFORMED_RESPONSE, UNREACHABLE ->
          Certainty.SOFT;
      case CONTEXT_TOO_LONG,
          REQUEST_TOO_LARGE,
          CONTENT_FILTERED,
          REFUSED,
          BAD_REQUEST,
          CLIENT_CANCELLED ->
          Certainty.NONE;
    };
  }

  /**
   * Whether no user's request may serve as the probe that ends a hold for this reason: such holds
   * end by a probe of the operator's (or of a gateway without one), by a person, or by a change of
   * what was held.
   */
  public boolean probedApart() {
    return switch (this) {
      case ACCOUNT_DISABLED, ACCESS_DENIED, MODEL_NOT_FOUND -> true;
      case RATE_LIMITED,
          OVERLOADED,
          SERVER_ERROR,
          TIMEOUT,
          STREAM_BROKEN,
          MALFORMED_RESPONSE,
          UNREACHABLE,
          QUOTA_EXHAUSTED,
          BILLING_INACTIVE,
          CREDENTIAL_REJECTED,
          CONTEXT_TOO_LONG,
          REQUEST_TOO_LARGE,
          CONTENT_FILTERED,
          REFUSED,
          BAD_REQUEST,
          CLIENT_CANCELLED ->
          false;
    };
  }

  @Override
  public String toString() {
    return word;
  }

  /** How sure one gateway can be that every other gateway would see the same. */
  public enum Certainty {
    /** The provider said so itself: every gateway holds at once. */
    DEFINITE,
    /** This gateway's network may be the cause: the hold stays with the gateway that saw it. */
    SOFT,
    /** Nothing is ever held. */
    NONE
  }
}
