package dev.changeover.gateway.health;

import dev.changeover.contract.Hold;
import dev.changeover.contract.Reason;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** One hold key's state: admitting, held or probing. Its methods are its only ways out. */
sealed interface Breaker {
  /**
   * One reason to hold.
   *
   * @param fleetWide whether every gateway holds; a definite reason held here alone is doubtful
   */
  record Cause(Hold hold, boolean fleetWide) {
    /** Strict before soft, then the later end. */
    static final Comparator<Cause> WEIGHT =
        Comparator.comparing((Cause cause) -> !cause.soft())
            .thenComparing(cause -> cause.hold().until().orElse(Instant.MAX));

    boolean doubtful() {
      return !fleetWide && hold.reason().certainty() == Reason.Certainty.DEFINITE;
    }

    /**
     * Whether a request may be tried as last resort: what passes by itself, and what is not certain
     * unless it may be a ban.
     */
    boolean soft() {
      return switch (hold.reason()) {
        case RATE_LIMITED,
            OVERLOADED,
            SERVER_ERROR,
            TIMEOUT,
            STREAM_BROKEN,
            MALFORMED_RESPONSE,
            UNREACHABLE ->
            true;
        case QUOTA_EXHAUSTED,
            BILLING_INACTIVE,
            CREDENTIAL_REJECTED,
            ACCESS_DENIED,
            MODEL_NOT_FOUND ->
            doubtful();
        case ACCOUNT_DISABLED -> false;
        case CONTEXT_TOO_LONG,
            REQUEST_TOO_LARGE,
            CONTENT_FILTERED,
            REFUSED,
            BAD_REQUEST,
            CLIENT_CANCELLED ->
            true; // never held
      };
    }

    /** Whether what was refused is no longer what would be asked. */
    boolean outdated(String fingerprint) {
      return switch (hold.reason()) {
        case ACCESS_DENIED, MODEL_NOT_FOUND -> !hold.fingerprint().equals(fingerprint);
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
  }

  /** One attempt's right to probe; it ends by itself if the attempt is lost. */
  record Lease(long holder, Instant until) {}

  /** Everything may be sent. */
  record Admitting() implements Breaker {
    static final Admitting ADMITTING = new Admitting();

    Held held(List<Cause> causes) {
      return new Held(causes);
    }
  }

  /** Nothing may be sent but one probe, once every cause is over. */
  record Held(List<Cause> causes) implements Breaker {
    public Held {
      causes = List.copyOf(causes);
      if (causes.isEmpty()) {
        throw new IllegalArgumentException("held for no cause");
      }
    }

    /** The cause that holds now; empty if all are over. */
    Optional<Cause> inForce(String fingerprint, Instant now) {
      return causes.stream()
          .filter(cause -> cause.hold().lasts(now) && !cause.outdated(fingerprint))
          .max(Cause.WEIGHT);
    }

    /** Whether no cause stands that a probe would have to disprove. */
    boolean outdated(String fingerprint) {
      return causes.stream().allMatch(cause -> cause.outdated(fingerprint));
    }

    /** The cause that a probe would disprove. */
    Cause prevailing() {
      return causes.stream().max(Cause.WEIGHT).orElseThrow();
    }

    Held held(List<Cause> more) {
      return new Held(more);
    }

    /** The way out: once the hold is over, one leased probe goes through. */
    Optional<Probing> probe(String fingerprint, Instant now, Lease lease) {
      return inForce(fingerprint, now).isPresent()
          ? Optional.empty()
          : Optional.of(new Probing(this, lease));
    }

    /** Lifted by a success, a probe or a person. */
    Admitting lifted() {
      return Admitting.ADMITTING;
    }
  }

  /** One attempt finds out whether the causes are over. */
  record Probing(Held held, Lease lease) implements Breaker {
    Admitting succeeded() {
      return Admitting.ADMITTING;
    }

    /** Without a verdict: the next one may find out. */
    Held returned() {
      return held;
    }

    Held held(List<Cause> causes) {
      return new Held(causes);
    }

    /** This state, unless the lease is over: then the attempt counts as lost. */
    Breaker at(Instant now) {
      return now.isBefore(lease.until()) ? this : held;
    }
  }

  /** The state that new causes lead to; none is admitting. */
  default Breaker with(List<Cause> causes) {
    if (causes.isEmpty()) {
      return Admitting.ADMITTING;
    }
    return switch (this) {
      case Admitting admitting -> admitting.held(causes);
      case Held held -> held.held(causes);
      case Probing probing -> probing.held(causes);
    };
  }
}
