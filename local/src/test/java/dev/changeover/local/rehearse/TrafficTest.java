package dev.changeover.local.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.testkit.client.AnswerAudit;
import dev.changeover.testkit.client.ChatResult;
import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.provider.Dialect;
import dev.changeover.testkit.provider.LedgerEntry;
import dev.changeover.testkit.provider.ProviderSettings;
import dev.changeover.testkit.provider.SimulatedProvider;
import dev.changeover.testkit.provider.VendorReplies;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Traffic against providers themselves: no gateway is between. */
class TrafficTest {
  private static final Duration MAX = Duration.ofSeconds(20);

  @Test
  void everyGatewayGetsBothDialectsStreamedAndNot() throws InterruptedException {
    try (var one = provider("one");
        var two = provider("two");
        var traffic =
            Traffic.start(
                new TrafficPlan("m", 80, 7, true, MAX),
                List.of(one.anthropicBaseUrl(), two.anthropicBaseUrl()),
                System::nanoTime)) {
      assertThat(traffic.awaitSent(40, MAX)).isTrue();
      assertThat(traffic.awaitEnd(MAX)).isTrue();
      assertThat(traffic.tally())
          .returns(80, Tally::sent)
          .returns(80, Tally::answered)
          .returns(0, Tally::lost)
          .returns(0, Tally::inFlight);
      for (SimulatedProvider provider : List.of(one, two)) {
        assertThat(
                provider.ledger().entries().stream()
                    .map(LedgerEntry::call)
                    .collect(
                        Collectors.groupingBy(
                            call -> call.dialect() + (call.streaming() ? " streamed" : ""),
                            Collectors.counting())))
            .containsOnlyKeys(
                Dialect.OPENAI.name(),
                Dialect.OPENAI + " streamed",
                Dialect.ANTHROPIC.name(),
                Dialect.ANTHROPIC + " streamed")
            .allSatisfy((_, count) -> assertThat(count).isEqualTo(10));
      }
      assertThat(AnswerAudit.of(one, two).findings(wholeAnswers(traffic))).isEmpty();
    }
  }

  @Test
  void aBanWithoutFailoverIsCountedAsLost() throws InterruptedException {
    try (var provider = provider("one");
        var standby = provider("two")) {
      var rehearsal =
          new Rehearsal(provider, standby, List.of(new GatewayWatch()), System::nanoTime);
      rehearsal.ban(VendorReplies.anthropicOrganizationDisabled());
      try (var traffic =
          Traffic.start(
              new TrafficPlan("m", 40, 4, false, MAX),
              List.of(provider.anthropicBaseUrl()),
              System::nanoTime)) {
        assertThat(traffic.awaitEnd(MAX)).isTrue();
        Figures figures = rehearsal.figures(traffic);
        assertThat(figures.tally().lost()).isEqualTo(40);
        assertThat(figures.nothingLost()).isFalse();
        assertThat(figures.untilAllHeld()).isEmpty(); // there is no gateway that could hold it
        assertThat(String.join("\n", figures.lines())).contains("never");
      }
    }
  }

  private static List<Complete> wholeAnswers(Traffic traffic) {
    return traffic.results().stream()
        .filter(result -> result instanceof Complete)
        .map((ChatResult result) -> (Complete) result)
        .toList();
  }

  private static SimulatedProvider provider(String name) {
    return SimulatedProvider.start(ProviderSettings.of(name, System::nanoTime));
  }
}
