package dev.changeover.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.contract.ChannelMessage;
import dev.changeover.contract.ContractVersion;
import dev.changeover.contract.Evidence;
import dev.changeover.contract.Hold;
import dev.changeover.contract.HoldKey;
import dev.changeover.contract.HoldSet;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.Reason;
import dev.changeover.contract.Revision;
import dev.changeover.crds.LlmProviderStatus;
import dev.changeover.crds.StatusCondition;
import dev.changeover.operator.World;
import dev.changeover.operator.health.FleetHealth;
import dev.changeover.operator.model.ClusterView;
import dev.changeover.operator.model.EventRecord;
import dev.changeover.operator.model.ResourceRef;
import dev.changeover.operator.model.RuleReport;
import dev.changeover.operator.translate.Origins;
import dev.changeover.operator.translate.Translator;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class StatusesTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final ObjectName ONE = new ObjectName("default", "one");

  private static ClusterView view(String annotations) {
    return World.view(
        """
        kind: LlmProvider
        metadata: {name: one, annotations: {%s}}
        spec: {type: OpenAICompatible, baseUrl: "https://one.example/v1"}
        """
            .formatted(annotations),
        List.of());
  }

  private static Statuses pass(ClusterView view, Statuses previous, Instant now) {
    return pass(view, previous, FleetHealth.startedAt(NOW), new RuleReport.NotYet(), now);
  }

  private static Statuses pass(
      ClusterView view, Statuses previous, FleetHealth health, RuleReport rules, Instant now) {
    var translation = new Translator(Origins.PUBLIC, "default").translate(view);
    return Statuses.of(new StatusInput(view, translation, health, rules, now), previous);
  }

  private static LlmProviderStatus one(Statuses statuses) {
    return Optional.ofNullable(statuses.providers().get(ONE)).orElseThrow();
  }

  @Test
  void anyNewValueOfTheAnnotationIsObeyedOnce() {
    // Given
    Statuses none = pass(view(""), Statuses.NONE, NOW);
    ClusterView asked = view("changeover.dev/clear: now");
    // When
    Clears.Asked first = Clears.of(asked, none);
    Statuses obeyed = pass(asked, none, NOW);
    // Then
    assertThat(first.since(Clears.Asked.NOTHING)).containsExactly(ONE);
    assertThat(Clears.of(asked, obeyed)).isEqualTo(Clears.Asked.NOTHING);
    ClusterView again = view("changeover.dev/clear: again");
    assertThat(Clears.of(again, obeyed).since(first)).containsExactly(ONE);
    assertThat(Clears.of(view(""), obeyed)).isEqualTo(Clears.Asked.NOTHING);
    assertThat(obeyed.events()).extracting(EventRecord::reason).containsExactly("HoldCleared");
  }

  @Test
  void aValueThatNoStatusCallsObeyedYetIsObeyedOnceAllTheSame() {
    // Given a pass that could not say any status
    ClusterView asked = view("changeover.dev/clear: now");
    Clears.Asked first = Clears.of(asked, Statuses.NONE);
    // Then
    assertThat(first.since(Clears.Asked.NOTHING)).containsExactly(ONE);
    assertThat(Clears.of(asked, Statuses.NONE).since(first)).isEmpty();
    ClusterView again = view("changeover.dev/clear: again");
    assertThat(Clears.of(again, Statuses.NONE).since(first)).containsExactly(ONE);
  }

  @Test
  void aConditionKeepsItsTimeUntilItFlips() {
    // Given
    Statuses first = pass(view(""), Statuses.NONE, NOW);
    // When
    Statuses later = pass(view(""), first, NOW.plusSeconds(600));
    // Then
    assertThat(later).isEqualTo(first);
    assertThat(one(later).conditions())
        .extracting(StatusCondition::lastTransitionTime)
        .containsOnly("2026-11-24T12:00:00Z");
  }

  @Test
  void alertsAreInstalledOnceTheApiServerHasConfirmedTheRules() {
    // Given
    ObjectName rule = RuleReport.ruleOf(ONE);
    var notYet = new RuleReport.NotYet();
    var nothing = new RuleReport.Looked(Set.of(), Map.of());
    var installed = new RuleReport.Looked(Set.of(rule), Map.of());
    var refused = new RuleReport.Looked(Set.of(), Map.of(rule, "no right (status 403)."));
    // When
    Statuses started = alerts(Statuses.NONE, notYet);
    Statuses told = alerts(started, installed);
    Statuses startedAgain = alerts(told, notYet);
    Statuses withoutRight = alerts(startedAgain, refused);
    // Then
    assertThat(alertsInstalled(started)).startsWith("Unknown Pending");
    assertThat(alertsInstalled(alerts(started, nothing))).startsWith("Unknown Pending");
    assertThat(alertsInstalled(told)).startsWith("True Installed");
    assertThat(startedAgain).isEqualTo(told);
    assertThat(alertsInstalled(withoutRight))
        .isEqualTo(
            "False RuleRejected PrometheusRule default/changeover-provider-one was refused: no"
                + " right (status 403).");
    assertThat(alertsInstalled(alerts(withoutRight, notYet))).startsWith("Unknown Pending");
  }

  private static Statuses alerts(Statuses previous, RuleReport report) {
    return pass(view(""), previous, FleetHealth.startedAt(NOW), report, NOW);
  }

  private static String alertsInstalled(Statuses statuses) {
    return one(statuses).conditions().stream()
        .filter(condition -> condition.type().equals("AlertsInstalled"))
        .map(condition ->
            String.join(" ", condition.status(), condition.reason(), condition.message()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aHoldThatComesAgainWithALaterEndIsToldInTheSameWords() {
    // When
    List<EventRecord> first = held(NOW).events();
    List<EventRecord> later = held(NOW.plusSeconds(4_000)).events();
    // Then
    assertThat(first)
        .extracting(EventRecord::reason)
        .containsExactly("ProviderUnavailable", "QuotaExhausted");
    assertThat(later).isEqualTo(first);
    assertThat(first.getFirst().note())
        .isEqualTo(
            "The provider takes no requests: QuotaExhausted. Raise the account's limit at the"
                + " provider, or wait.");
  }

  private static Statuses held(Instant since) {
    Hold hold =
        new Hold(
            Reason.QUOTA_EXHAUSTED,
            since,
            Optional.of(since.plusSeconds(600)),
            0,
            new Evidence(429, "", "", "", ""),
            "");
    FleetHealth health =
        FleetHealth.startedAt(NOW)
            .with("a", new ChannelMessage.Hello(ContractVersion.CURRENT, "a", Revision.NONE), NOW)
            .joined(HoldSet.EMPTY.held(new HoldKey.OfProvider(ONE), hold));
    Statuses before = pass(view(""), Statuses.NONE, NOW);
    return pass(view(""), before, health, new RuleReport.NotYet(), since);
  }

  @Test
  void aNamesakeThatIsGoneLeavesNothingBehind() {
    // Given
    Statuses old = pass(view(""), Statuses.NONE, NOW);
    String born = "2026-11-24T13:00:00Z";
    ClusterView made =
        World.view(
            """
            kind: LlmProvider
            metadata: {name: one, creationTimestamp: "%s"}
            spec: {type: OpenAICompatible, baseUrl: "https://one.example/v1"}
            """
                .formatted(born),
            List.of());
    // When
    Statuses next = pass(made, old, Instant.parse(born));
    // Then
    assertThat(one(next).since()).isEqualTo(born);
    assertThat(one(next).transitions()).hasSize(1);
  }

  @Test
  void figuresAloneCanWaitAndStatesCannot() {
    // Given
    LlmProviderStatus.Builder status =
        LlmProviderStatus.builder().state("Available").since("2026-11-24T12:00:00Z");
    LlmProviderStatus written = status.message("a").build();
    // Then
    assertThat(StatusChange.of(Optional.of(written), written)).isEqualTo(StatusChange.NONE);
    assertThat(StatusChange.of(Optional.of(written), status.message("b").build()))
        .isEqualTo(StatusChange.FIGURES);
    assertThat(StatusChange.of(Optional.of(written), status.state("Banned").build()))
        .isEqualTo(StatusChange.STATE);
    assertThat(StatusChange.of(Optional.<LlmProviderStatus>empty(), written))
        .isEqualTo(StatusChange.STATE);
  }

  @Test
  void moreThanTwentyRoutesThatFailOverAreToldAsOne() {
    // Given
    ResourceRef provider = ResourceRef.provider(ONE);
    EventRecord one =
        new EventRecord(
            ResourceRef.route(ONE),
            EventRecord.Type.WARNING,
            "FailedOver",
            "note",
            Optional.of(provider));
    // Then
    assertThat(RouteEvents.summed(Collections.nCopies(20, one))).hasSize(20);
    assertThat(RouteEvents.summed(Collections.nCopies(21, one)))
        .extracting(EventRecord::object)
        .containsExactly(provider);
  }
}
