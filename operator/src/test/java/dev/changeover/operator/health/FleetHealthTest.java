package dev.changeover.operator.health;

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
import dev.changeover.contract.UnusableObject;
import dev.changeover.operator.World;
import dev.changeover.operator.model.FleetModel;
import dev.changeover.operator.model.ResourceRef;
import dev.changeover.operator.translate.Origins;
import dev.changeover.operator.translate.Translator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class FleetHealthTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final ObjectName ONE = new ObjectName("default", "one");
  private static final HoldKey BANNED = new HoldKey.OfProvider(ONE);
  private static final ResourceRef REF = ResourceRef.provider(ONE);
  private static final Set<String> BOTH = Set.of("a", "b");

  private static Hold hold(Reason reason, Instant since, Optional<Instant> until) {
    return new Hold(reason, since, until, 0, Evidence.NONE, "");
  }

  private static HoldSet ban(Instant since) {
    return HoldSet.EMPTY.held(BANNED, hold(Reason.ACCOUNT_DISABLED, since, Optional.empty()));
  }

  private static FleetHealth hello(FleetHealth health, String gateway, Revision revision) {
    return health.with(
        gateway, new ChannelMessage.Hello(ContractVersion.CURRENT, gateway, revision), NOW);
  }

  private static FleetHealth both() {
    FleetHealth health = FleetHealth.startedAt(NOW);
    return hello(hello(health, "a", Revision.NONE), "b", Revision.NONE);
  }

  private static FleetModel model(String banProbe) {
    return new Translator(Origins.PUBLIC, "default")
        .translate(
            World.view(
                """
                kind: LlmProvider
                metadata: {name: one}
                spec:
                  type: OpenAICompatible
                  baseUrl: https://one.example/v1
                  health: {banProbe: %s}
                """
                    .formatted(banProbe),
                List.of()))
        .model();
  }

  @Test
  void whatOneGatewayKnowsForCertainTheFleetKnows() {
    // When
    FleetHealth health = both().with("a", new ChannelMessage.Holds(NOW, ban(NOW)), NOW);
    // Then
    assertThat(health.views()).hasSize(2);
    assertThat(health.views()).allMatch(view -> view.inForce(BANNED, NOW).isPresent());
    assertThat(health.without("a").holds().inForce(BANNED, NOW)).isPresent();
  }

  @Test
  void whatConcernsOneGatewayStaysWithIt() {
    // Given
    HoldSet own =
        HoldSet.EMPTY.held(BANNED, hold(Reason.UNREACHABLE, NOW, Optional.of(NOW.plusSeconds(30))));
    // When
    FleetHealth health = both().with("a", new ChannelMessage.OwnHolds(NOW, own), NOW);
    // Then
    assertThat(health.views().stream().filter(view -> view.inForce(BANNED, NOW).isPresent()))
        .hasSize(1);
    assertThat(health.lifted(ONE, NOW.plusSeconds(1)).views())
        .noneMatch(view -> view.inForce(BANNED, NOW.plusSeconds(1)).isPresent());
  }

  @Test
  void aMessageThatTravelledDoesNotLengthenAHold() {
    // Given
    Instant end = NOW.plusSeconds(30);
    HoldSet told = HoldSet.EMPTY.held(BANNED, hold(Reason.RATE_LIMITED, NOW, Optional.of(end)));
    // When
    FleetHealth health = both().with("a", new ChannelMessage.Holds(NOW, told), NOW.plusMillis(700));
    // Then
    assertThat(health.holds().last(BANNED).orElseThrow().until()).contains(end);
  }

  @Test
  void onlyAChangeOfTheObjectOpensTheQuestionAgain() {
    // Given
    Revision first = new Revision(1, 1);
    Revision second = new Revision(1, 2);
    ResourceRef other = ResourceRef.route(ONE);
    FleetHealth health = both().published(first, digests(Map.of(REF, "x", other, "y")), NOW);
    FleetHealth applied = applied(applied(health, "a", first), "b", first);
    // When
    FleetHealth changed = applied.published(second, digests(Map.of(REF, "x", other, "z")), NOW);
    // Then
    assertThat(changed.acknowledgement(REF, BOTH)).isEqualTo(new Acknowledgement.Confirmed(2));
    assertThat(changed.acknowledgement(other, BOTH))
        .isEqualTo(new Acknowledgement.Waiting(0, 2, NOW, false));
    assertThat(applied(changed, "a", second).acknowledgement(other, BOTH))
        .isEqualTo(new Acknowledgement.Waiting(1, 2, NOW, false));
  }

  @Test
  void aGatewayThatCannotReadAnObjectIsNamed() {
    // Given
    Revision first = new Revision(1, 1);
    FleetHealth health = both().published(first, digests(Map.of(REF, "x")), NOW);
    // When
    var unread = List.of(new UnusableObject(UnusableObject.Kind.LlmProvider, ONE, "why"));
    FleetHealth told =
        applied(health, "a", first).with("b", new ChannelMessage.Applied(first, unread), NOW);
    FleetHealth refused =
        applied(health, "a", first).with("b", new ChannelMessage.Rejected(first, "too new"), NOW);
    // Then
    assertThat(told.acknowledgement(REF, BOTH))
        .isEqualTo(new Acknowledgement.Unusable("b", "why", 1, 2));
    assertThat(refused.acknowledgement(REF, BOTH))
        .isEqualTo(new Acknowledgement.Unusable("b", "too new", 1, 2));
    assertThat(told.acknowledgement(REF, Set.of())).isEqualTo(new Acknowledgement.NoGateways());
  }

  @Test
  void aBanIsAskedAfterAQuarterOfAnHourAndThenHalfAsOften() {
    // Given
    FleetModel model = model("Auto");
    FleetHealth health = both().with("a", new ChannelMessage.Holds(NOW, ban(NOW)), NOW);
    Instant first = NOW.plus(Duration.ofMinutes(15));
    // When
    List<ProbeOrder> due = health.probesDue(model, first);
    FleetHealth asked = health.probed(due, first);
    // Then
    assertThat(health.probesDue(model, first.minusMillis(1))).isEmpty();
    assertThat(due).containsExactly(new ProbeOrder(BANNED, "a"));
    assertThat(asked.probesDue(model, first.plus(Duration.ofMinutes(29)))).isEmpty();
    assertThat(asked.probesDue(model, first.plus(Duration.ofMinutes(30))))
        .containsExactly(new ProbeOrder(BANNED, "b"));
    assertThat(health.probesDue(model("Never"), first)).isEmpty();
    assertThat(asked.lifted(ONE, first).probesDue(model, first.plus(Duration.ofDays(1)))).isEmpty();
  }

  @Test
  void aKeyThatIsGoneIsNotProbed() {
    // Given
    HoldKey gone = new HoldKey.OfCredential(ONE, "0123456789ab");
    HoldSet told = HoldSet.EMPTY.held(gone, hold(Reason.ACCOUNT_DISABLED, NOW, Optional.empty()));
    // When
    FleetHealth health = both().with("a", new ChannelMessage.Holds(NOW, told), NOW);
    // Then
    assertThat(health.probesDue(model("Auto"), NOW.plus(Duration.ofDays(1)))).isEmpty();
  }

  @Test
  void theFirstPublicationIsMarkedAsSuch() {
    // Given
    FleetHealth first = both().published(new Revision(2, 1), digests(Map.of(REF, "x")), NOW);
    // When: the only object there is changes
    FleetHealth next = first.published(new Revision(2, 2), digests(Map.of(REF, "y")), NOW);
    // Then
    assertThat(first.acknowledgement(REF, BOTH))
        .isEqualTo(new Acknowledgement.Waiting(0, 2, NOW, true));
    assertThat(next.acknowledgement(REF, BOTH))
        .isEqualTo(new Acknowledgement.Waiting(0, 2, NOW, false));
  }

  @Test
  void theLongestPauseBetweenProbesIsSixHours() {
    ProbePlan plan = ProbePlan.of(NOW, NOW);
    for (int i = 0; i < 50; i++) {
      plan = plan.asked(NOW);
    }
    assertThat(plan.due()).isEqualTo(NOW.plus(Duration.ofHours(6)));
  }

  @Test
  void anOperatorThatStartsGoesOnAskingWhereAnotherOneWas() {
    Instant since = NOW.minus(Duration.ofMinutes(60)); // asked after 15 and 45 minutes
    assertThat(ProbePlan.of(since, NOW).due()).isEqualTo(since.plus(Duration.ofMinutes(105)));
    assertThat(ProbePlan.of(NOW.minus(Duration.ofDays(30)), NOW).due())
        .isBetween(NOW, NOW.plus(Duration.ofHours(6)));
    assertThat(ProbePlan.of(NOW.plusSeconds(60), NOW).due())
        .isEqualTo(NOW.plus(Duration.ofMinutes(15)));
    assertThat(ProbePlan.of(Instant.EPOCH, NOW).isDue(NOW)).isTrue();
  }

  @Test
  void aRateLimitIsNewsAfterAMinuteOfLimitAfterLimit() {
    // Given
    FleetHealth health = both();
    HoldKey model = new HoldKey.OfModel(ONE, "m");
    // When: a limit of 20 s, again and again
    Hold last = hold(Reason.RATE_LIMITED, NOW, Optional.of(NOW));
    for (int i = 0; i < 4; i++) {
      Instant since = NOW.plusSeconds(20L * i);
      last = hold(Reason.RATE_LIMITED, since, Optional.of(since.plusSeconds(20)));
      HoldSet told = HoldSet.EMPTY.held(model, last);
      health = health.with("a", new ChannelMessage.Holds(since, told), since);
    }
    // Then
    assertThat(health.isNews(model, last, NOW.plusSeconds(59))).isFalse();
    assertThat(health.isNews(model, last, NOW.plusSeconds(60))).isTrue();
  }

  @Test
  void aNewOperatorWaitsForEveryGatewaysHoldsButNotForLong() {
    // Given
    FleetHealth health = both();
    ChannelMessage.Up nothing = new ChannelMessage.OwnHolds(NOW, HoldSet.EMPTY);
    // Then
    assertThat(health.settled(BOTH, NOW)).isFalse();
    assertThat(health.settled(BOTH, NOW.plusSeconds(5))).isTrue();
    assertThat(health.with("a", nothing, NOW).with("b", nothing, NOW).settled(BOTH, NOW)).isTrue();
  }

  @Test
  void holdsOfProvidersThatAreGoneAreForgotten() {
    FleetHealth health = FleetHealth.startedAt(NOW).joined(ban(NOW));
    assertThat(health.pruned(Set.of(ONE), NOW).holds()).isEqualTo(health.holds());
    assertThat(health.pruned(Set.of(), NOW).holds()).isEqualTo(HoldSet.EMPTY);
  }

  @Test
  void aQuantileIsReadInsideItsBucket() {
    List<Long> counts = new ArrayList<>(WindowSum.NONE.durations());
    counts.set(8, 100L); // from 1.5 s to 2 s
    assertThat(WindowSum.quantile(counts, 0.5).orElseThrow()).isEqualTo(1.75);
    assertThat(WindowSum.quantile(WindowSum.NONE.durations(), 0.5)).isEmpty();
  }

  private static FleetHealth applied(FleetHealth health, String gateway, Revision revision) {
    return health.with(gateway, new ChannelMessage.Applied(revision, List.of()), NOW);
  }

  private static SortedMap<ResourceRef, String> digests(Map<ResourceRef, String> digests) {
    return new TreeMap<>(digests);
  }
}
