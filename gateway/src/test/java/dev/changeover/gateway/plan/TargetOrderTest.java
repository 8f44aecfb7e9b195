package dev.changeover.gateway.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.contract.Attempts;
import dev.changeover.contract.HoldKey;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.ProviderConfig;
import dev.changeover.contract.Reason;
import dev.changeover.contract.RouteConfig;
import dev.changeover.contract.Scope;
import dev.changeover.contract.Strategy;
import dev.changeover.gateway.health.Admission;
import dev.changeover.gateway.health.Fleets;
import dev.changeover.testkit.Seeds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TargetOrderTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Map<ObjectName, ProviderConfig> PROVIDERS =
      Map.of(
          Fleets.name("a"), Fleets.provider("a", Fleets.MAIN),
          Fleets.name("b"), Fleets.provider("b", Fleets.MAIN),
          Fleets.name("c"), Fleets.provider("c", Fleets.MAIN));
  private static final Admission HELD =
      new Admission.Held(Reason.TIMEOUT, Optional.empty(), Scope.MODEL, true);

  private final ScriptedHealth health = new ScriptedHealth();

  private static RouteConfig route(Strategy strategy) {
    return Fleets.route(
        Attempts.DEFAULT,
        strategy,
        Fleets.target("a", "m"),
        Fleets.target("b", "m"),
        Fleets.target("c", "m"));
  }

  private String order(TargetOrder order, Strategy strategy) {
    List<String> names = new ArrayList<>();
    order
        .order(route(strategy), name -> Optional.ofNullable(PROVIDERS.get(name)), health, NOW)
        .forEach(candidate -> names.add(candidate.target().provider().name()));
    return String.join("", names);
  }

  @Test
  void priorityIsAsListedWhateverIsHeld() {
    health.says("a", HELD);

    assertThat(order(new TargetOrder(new Random(1)), Strategy.PRIORITY)).isEqualTo("abc");
  }

  @Test
  void roundRobinBeginsOneFurtherEachTime() {
    TargetOrder order = new TargetOrder(new Random(1));

    assertThat(
            List.of(
                order(order, Strategy.ROUND_ROBIN),
                order(order, Strategy.ROUND_ROBIN),
                order(order, Strategy.ROUND_ROBIN),
                order(order, Strategy.ROUND_ROBIN)))
        .containsExactly("abc", "bca", "cab", "abc");
  }

  @Test
  void aHeldTargetsTurnsGoToAllTheOthers() {
    health.says("a", HELD);
    TargetOrder order = new TargetOrder(new Random(1));

    assertThat(
            List.of(
                order(order, Strategy.ROUND_ROBIN),
                order(order, Strategy.ROUND_ROBIN),
                order(order, Strategy.ROUND_ROBIN)))
        .containsExactly("bca", "cba", "bca");
  }

  @Test
  void theSlowestOfThreeIsNeverFirst() {
    health.scores("a", 9).scores("b", 1).scores("c", 2);

    Seeds.forEach(
        200,
        random ->
            assertThat(order(new TargetOrder(random), Strategy.LEAST_LATENCY))
                .doesNotStartWith("a")
                .hasSize(3));
  }

  @Test
  void theFastestDoesNotGetEverything() {
    health.scores("a", 9).scores("b", 1).scores("c", 2);
    List<String> orders = new ArrayList<>();

    Seeds.forEach(
        200, random -> orders.add(order(new TargetOrder(random), Strategy.LEAST_LATENCY)));

    assertThat(orders).anyMatch(it -> it.startsWith("b")).anyMatch(it -> it.startsWith("c"));
  }

  @Test
  void aHoldThatIsOverIsProbedByABalancedRequest() {
    health.scores("a", 9).scores("b", 1).scores("c", 2);
    health.says(
        "a", new Admission.ProbeDue(new HoldKey.OfModel(Fleets.name("a"), "m"), Reason.TIMEOUT));

    Seeds.forEach(
        50,
        random ->
            assertThat(order(new TargetOrder(random), Strategy.LEAST_LATENCY)).startsWith("a"));
  }

  @Test
  void withEverythingHeldTheOrderIsAsListed() {
    health.says("a", HELD).says("b", HELD).says("c", HELD);

    assertThat(order(new TargetOrder(new Random(1)), Strategy.LEAST_LATENCY)).isEqualTo("abc");
    assertThat(order(new TargetOrder(new Random(1)), Strategy.ROUND_ROBIN)).isEqualTo("abc");
  }
}
