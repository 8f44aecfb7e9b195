package dev.changeover.operator.status;

import dev.changeover.contract.ObjectName;
import dev.changeover.crds.StatusCondition;
import dev.changeover.operator.health.Acknowledgement;
import dev.changeover.operator.model.ClusterView.MonitoringApi;
import dev.changeover.operator.model.ConditionType;
import dev.changeover.operator.model.Problem;
import dev.changeover.operator.model.ResourceRef;
import dev.changeover.operator.model.RuleReport;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** The conditions of one resource in the making. */
final class Conditions {
  static final String TRUE = "True";
  static final String FALSE = "False";
  static final String UNKNOWN = "Unknown";

  /** To an operator that has just started every object is new; that alone is no news. */
  private static final Duration RESTART_GRACE = Duration.ofSeconds(10);

  private final Instant now;
  private final long generation;
  private final List<StatusCondition> previous;
  private final SequencedMap<ConditionType, Draft> drafts = new LinkedHashMap<>();

  /** What one condition says, before its time is known. */
  record Draft(String status, String reason, String message) {
    static Draft yes(String reason, String message) {
      return new Draft(TRUE, reason, message);
    }

    static Draft no(String reason, String message) {
      return new Draft(FALSE, reason, message);
    }

    static Draft unknown(String reason, String message) {
      return new Draft(UNKNOWN, reason, message);
    }
  }

  Conditions(Instant now, long generation, List<StatusCondition> previous) {
    this.now = now;
    this.generation = generation;
    this.previous = List.copyOf(previous);
  }

  void set(ConditionType type, Draft draft) {
    drafts.put(type, draft);
  }

  /** Accepted and ResolvedRefs, from what translation found. */
  void setProblems(List<Problem> problems) {
    Optional<Problem> refused = of(problems, ConditionType.ACCEPTED);
    Optional<Problem> unresolved = of(problems, ConditionType.RESOLVED_REFS);
    set(
        ConditionType.ACCEPTED,
        refused.map(Conditions::no).orElse(Draft.yes("Accepted", "The spec makes sense.")));
    set(
        ConditionType.RESOLVED_REFS,
        unresolved
            .map(Conditions::no)
            .or(() ->
                refused.map(problem ->
                    Draft.unknown(
                        problem.reason().word(), "Not looked at: the spec is not accepted.")))
            .orElse(Draft.yes("ResolvedRefs", "Everything that it refers to exists.")));
  }

  private static Draft no(Problem problem) {
    return Draft.no(problem.reason().word(), problem.message());
  }

  private static Optional<Problem> of(List<Problem> problems, ConditionType type) {
    return problems.stream().filter(problem -> problem.condition() == type).findFirst();
  }

  /** Programmed, from what the gateways have acknowledged. */
  void setProgrammed(Acknowledgement acknowledgement) {
    set(
        ConditionType.PROGRAMMED,
        switch (acknowledgement) {
          case Acknowledgement.NotPublished() ->
              Draft.no("Pending", "It is not sent to the gateways while the spec has a problem.");
          case Acknowledgement.NoGateways() ->
              Draft.unknown("NoGateways", "There is no Ready gateway that could have it.");
          case Acknowledgement.Confirmed(int gateways) -> programmed(gateways);
          case Acknowledgement.Waiting waiting -> waiting(waiting);
          case Acknowledgement.Unusable(String gateway, String message, _, _) ->
              Draft.no("Unusable", "Gateway %s cannot use it: %s".formatted(gateway, message));
        });
  }

  private static Draft programmed(int gateways) {
    return Draft.yes(
        "Programmed",
        gateways == 1
            ? "The gateway has the last change."
            : "All %d gateways have the last change.".formatted(gateways));
  }

  private Draft waiting(Acknowledgement.Waiting waiting) {
    if (waiting.firstOfProcess()
        && now.isBefore(waiting.since().plus(RESTART_GRACE))
        && wasProgrammed()) {
      return programmed(waiting.gateways());
    }
    String message =
        "%s have the last change."
            .formatted(Sentences.heldBy(waiting.confirmed(), waiting.gateways()));
    return Draft.no(waiting.confirmed() == 0 ? "Pending" : "PartiallyApplied", message);
  }

  private boolean wasProgrammed() {
    return previously(ConditionType.PROGRAMMED)
        .filter(condition -> condition.status().equals(TRUE))
        .filter(condition -> Long.valueOf(generation).equals(condition.observedGeneration()))
        .isPresent();
  }

  /** Ready, the first of Accepted, ResolvedRefs and Programmed that is not True. */
  void setReady() {
    Draft ready = Draft.yes("Ready", "It is accepted, resolved and on every gateway.");
    for (ConditionType type :
        List.of(ConditionType.PROGRAMMED, ConditionType.RESOLVED_REFS, ConditionType.ACCEPTED)) {
      Draft draft = drafts.get(type);
      if (draft != null && !draft.status().equals(TRUE)) {
        ready = draft;
      }
    }
    set(ConditionType.READY, ready);
  }

  /** AlertsInstalled, from what became of the resource's PrometheusRule. */
  void setAlerts(StatusInput input, ObjectName rule, boolean wanted) {
    set(ConditionType.ALERTS_INSTALLED, alerts(input, rule, wanted));
  }

  private Draft alerts(StatusInput input, ObjectName rule, boolean wanted) {
    if (!wanted) {
      return Draft.no("Disabled", "There are no alert rules for it while it takes no requests.");
    }
    if (input.view().monitoringApi() == MonitoringApi.ABSENT) {
      return Draft.no(
          "MonitoringApiMissing",
          "The cluster has no PrometheusRule: install the Prometheus operator to be alerted.");
    }
    return switch (input.rules()) {
      case RuleReport.NotYet() ->
          previously(ConditionType.ALERTS_INSTALLED)
              .filter(condition -> condition.status().equals(TRUE))
              .map(_ -> installed(rule))
              .orElse(pending(rule));
      case RuleReport.Looked looked ->
          looked
              .rejection(rule)
              .map(why ->
                  Draft.no(
                      "RuleRejected", "PrometheusRule %s was refused: %s".formatted(rule, why)))
              .orElse(looked.installed().contains(rule) ? installed(rule) : pending(rule));
    };
  }

  private static Draft installed(ObjectName rule) {
    return Draft.yes("Installed", "PrometheusRule %s is in place.".formatted(rule));
  }

  private static Draft pending(ObjectName rule) {
    return Draft.unknown("Pending", "PrometheusRule %s is not confirmed yet.".formatted(rule));
  }

  /** What is wrong with the state, else with the resource; null where nothing is. */
  @Nullable String message(String ofState) {
    if (!ofState.isEmpty()) {
      return ofState;
    }
    return draft(ConditionType.READY)
        .filter(ready -> !ready.status().equals(TRUE))
        .map(Draft::message)
        .orElse(null);
  }

  /** The status of a condition that was set; empty for one that was not. */
  Optional<Draft> draft(ConditionType type) {
    return Optional.ofNullable(drafts.get(type));
  }

  /** The first problem's message, if there is a problem. */
  static Optional<String> firstMessage(Pass pass, ResourceRef ref) {
    return pass.problems(ref).stream().map(Problem::message).findFirst();
  }

  /** All conditions, each with the time at which its status last flipped. */
  List<StatusCondition> build() {
    return drafts.entrySet().stream()
        .map(entry -> condition(entry.getKey(), entry.getValue()))
        .toList();
  }

  private StatusCondition condition(ConditionType type, Draft draft) {
    String since =
        previously(type)
            .filter(condition -> condition.status().equals(draft.status()))
            .map(StatusCondition::lastTransitionTime)
            .orElse(Times.text(now));
    return new StatusCondition(
        type.word(), draft.status(), draft.reason(), draft.message(), since, generation);
  }

  private Optional<StatusCondition> previously(ConditionType type) {
    return previous.stream().filter(condition -> condition.type().equals(type.word())).findFirst();
  }
}
