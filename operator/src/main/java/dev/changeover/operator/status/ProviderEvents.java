package dev.changeover.operator.status;

import dev.changeover.contract.Reason;
import dev.changeover.crds.LlmProviderStatus;
import dev.changeover.crds.StatusCondition;
import dev.changeover.operator.model.ConditionType;
import dev.changeover.operator.model.EventRecord;
import dev.changeover.operator.model.ResourceRef;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What is told about one provider when its status changes. */
final class ProviderEvents {
  private ProviderEvents() {}

  static List<EventRecord> between(
      ResourceRef provider, Optional<LlmProviderStatus> before, LlmProviderStatus after) {
    List<EventRecord> events = new ArrayList<>();
    stateEvent(provider, before.map(LlmProviderStatus::state), after).ifPresent(events::add);
    newHolds(provider, before, after).forEach(events::add);
    Optional<String> obeyed = before.map(LlmProviderStatus::lastHandledClear);
    if (after.lastHandledClear() != null && !obeyed.equals(Optional.of(after.lastHandledClear()))) {
      events.add(
          normal(provider, "HoldCleared", "All holds were lifted, as the annotation asked."));
    }
    events.addAll(
        problems(
            provider,
            before.map(LlmProviderStatus::conditions).orElse(List.of()),
            after.conditions()));
    return events;
  }

  private static Optional<EventRecord> stateEvent(
      ResourceRef provider, Optional<String> before, LlmProviderStatus after) {
    ProviderState state = ProviderState.ofWord(after.state()).orElse(ProviderState.UNKNOWN);
    if (before.equals(Optional.of(state.word()))) {
      return Optional.empty();
    }
    String note = Sentences.withoutEnd(Objects.requireNonNullElse(after.message(), ""));
    return switch (state) {
      case UNAVAILABLE -> Optional.of(warning(provider, "ProviderUnavailable", note));
      case DEGRADED -> Optional.of(warning(provider, "ProviderDegraded", note));
      case BANNED -> Optional.of(warning(provider, "ProviderBanned", note));
      case DRAINED -> Optional.of(normal(provider, "ProviderDrained", note));
      case AVAILABLE ->
          before
              .flatMap(ProviderState::ofWord)
              .filter(ProviderState::isEvidence)
              .map(_ ->
                  normal(provider, "ProviderRecovered", "It takes requests and answers them."));
      case RECOVERING, INVALID, UNKNOWN -> Optional.empty();
    };
  }

  /** Definite holds that were not there before, but the ban, which is a state of its own. */
  private static List<EventRecord> newHolds(
      ResourceRef provider, Optional<LlmProviderStatus> before, LlmProviderStatus after) {
    Set<String> known = new HashSet<>();
    before.map(LlmProviderStatus::holds).orElse(List.of()).forEach(hold -> known.add(key(hold)));
    return after.holds().stream()
        .filter(hold -> !known.contains(key(hold)))
        .filter(hold -> Reason.ofWord(hold.reason()).filter(ProviderEvents::isTold).isPresent())
        .map(hold -> warning(provider, hold.reason(), note(hold)))
        .toList();
  }

  private static String key(LlmProviderStatus.Hold hold) {
    return hold.scope() + " " + hold.credential() + " " + hold.model() + " " + hold.reason();
  }

  private static boolean isTold(Reason reason) {
    return switch (reason) {
      case CREDENTIAL_REJECTED, QUOTA_EXHAUSTED, BILLING_INACTIVE, ACCESS_DENIED, MODEL_NOT_FOUND ->
          true;
      case ACCOUNT_DISABLED,
          RATE_LIMITED,
          OVERLOADED,
          SERVER_ERROR,
          TIMEOUT,
          STREAM_BROKEN,
          MALFORMED_RESPONSE,
          UNREACHABLE,
          CONTEXT_TOO_LONG,
          REQUEST_TOO_LARGE,
          CONTENT_FILTERED,
          REFUSED,
          BAD_REQUEST,
          CLIENT_CANCELLED ->
          false;
    };
  }

  /** The same for the same hold next time, so that repeats are one series: without its end. */
  private static String note(LlmProviderStatus.Hold hold) {
    String what =
        switch (hold.scope()) {
          case "Credential" -> "Key " + hold.credential();
          case "Model" -> "Model " + hold.model();
          default -> "The provider"; // the scope of all that is neither key nor model
        };
    return "%s takes no requests: %s.".formatted(what, hold.reason());
  }

  /** A condition that has turned False for a reason that somebody has to mend. */
  static List<EventRecord> problems(
      ResourceRef object, List<StatusCondition> before, List<StatusCondition> after) {
    List<EventRecord> events = new ArrayList<>();
    for (StatusCondition condition : after) {
      boolean mendable =
          condition.type().equals(ConditionType.ACCEPTED.word())
              || condition.type().equals(ConditionType.RESOLVED_REFS.word());
      boolean unusable =
          condition.type().equals(ConditionType.PROGRAMMED.word())
              && condition.reason().equals("Unusable");
      boolean told =
          before.stream()
              .anyMatch(old ->
                  old.type().equals(condition.type())
                      && old.status().equals(condition.status())
                      && old.reason().equals(condition.reason()));
      if (condition.status().equals(Conditions.FALSE) && (mendable || unusable) && !told) {
        String reason = unusable ? "ConfigRejected" : condition.reason();
        events.add(warning(object, reason, condition.message()));
      }
    }
    return events;
  }

  static EventRecord warning(ResourceRef object, String reason, String note) {
    return new EventRecord(object, EventRecord.Type.WARNING, reason, note, Optional.empty());
  }

  static EventRecord normal(ResourceRef object, String reason, String note) {
    return new EventRecord(object, EventRecord.Type.NORMAL, reason, note, Optional.empty());
  }
}
