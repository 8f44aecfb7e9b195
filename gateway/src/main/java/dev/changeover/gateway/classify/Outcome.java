package dev.changeover.gateway.classify;

import dev.changeover.contract.Evidence;
import dev.changeover.contract.Reason;
import dev.changeover.contract.Scope;
import java.time.Duration;
import java.util.Optional;

/** What came of one attempt at a provider. */
public sealed interface Outcome {

  /** A usable answer. */
  record Delivered() implements Outcome {}

  /**
   * No usable answer.
   *
   * @param reason why
   * @param scope what a hold for it covers; {@code REQUEST} exactly when nothing is to be held
   * @param statedWait the wait that the provider asked for, as it was read: no floor, no ceiling
   * @param evidence what it was read from; safe to show to anybody
   * @param doubtful whether the evidence is too weak to hold a whole fleet by it
   * @param callerMessage the provider's own sentence, for the caller whose request it blames and
   *     for nobody else: never logged, and empty when the provider is to blame
   */
  record Failure(
      Reason reason,
      Scope scope,
      Optional<Duration> statedWait,
      Evidence evidence,
      boolean doubtful,
      String callerMessage)
      implements Outcome {
    /** The longest sentence of a provider that is handed back to a caller. */
    public static final int CALLER_MESSAGE_MAX = 2_048;

    /**
     * The rule of a reused connection that was reset: it says nothing about the provider until a
     * new connection fails as well.
     */
    public static final String REUSED_CONNECTION_RESET = "reused-connection-reset";

    /** What the names of the rules begin with that saw nothing but an unknown class's status. */
    static final String BY_STATUS = "status-";

    public Failure {
      boolean callersFault = !reason.countsAgainstHealth();
      if (callersFault != (scope == Scope.REQUEST)) {
        throw new IllegalArgumentException(reason + " cannot hold " + scope);
      }
      statedWait = callersFault ? Optional.empty() : statedWait.filter(Duration::isPositive);
      callerMessage = callersFault ? start(callerMessage) : "";
    }

    /** A failure that no reply stated, such as a deadline, with the reason's usual scope. */
    public static Failure of(Reason reason, String rule, String sentence) {
      return new Failure(
          reason,
          reason.usualScope(),
          Optional.empty(),
          new Evidence(0, "", "", rule, sentence),
          false,
          "");
    }

    /** The same failure on weaker evidence, as when the caller chose headers of the request. */
    public Failure asDoubtful() {
      return new Failure(reason, scope, statedWait, evidence, true, callerMessage);
    }

    /** Whether only a reused connection was reset. */
    public boolean isStaleConnection() {
      return evidence.rule().equals(REUSED_CONNECTION_RESET);
    }

    /** Whether it is held against the provider. */
    public boolean countsAgainstHealth() {
      return reason.countsAgainstHealth() && !isStaleConnection();
    }

    /** Whether no rule names the provider's error, so that its status alone decided. */
    public boolean unclassified() {
      return evidence.rule().startsWith(BY_STATUS);
    }

    /** All but the provider's sentence, which may quote a prompt. */
    @Override
    public String toString() {
      return "Failure[%s, %s, wait=%s, rule=%s, doubtful=%s]"
          .formatted(
              reason,
              scope,
              statedWait.map(Duration::toString).orElse("none"),
              evidence.rule(),
              doubtful);
    }

    private static String start(String message) {
      if (message.length() <= CALLER_MESSAGE_MAX) {
        return message;
      }
      boolean splitsPair = Character.isHighSurrogate(message.charAt(CALLER_MESSAGE_MAX - 1));
      return message.substring(0, splitsPair ? CALLER_MESSAGE_MAX - 1 : CALLER_MESSAGE_MAX);
    }
  }
}
